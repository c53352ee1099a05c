"""The product's own processes, each started here so that its process id and its cores are known."""

import json
import os
import signal
import subprocess
import time
import urllib.request

from .failure import BenchFailure, require
from .servers import SEARCH_PATH, free_port, pinned

#: A role's program by the role's name.
PROGRAMS = {
    "gateway": "APIGateway",
    "claim-worker": "ClaimWorker",
    "settlement-worker": "SettlementWorker",
    "expiry-worker": "ExpiryWorker",
    "webhook-worker": "WebhookWorker",
}


class Role:
    """One process of a role."""

    def __init__(self, name, kind, program, environment, log, cores=None):
        self.name = name
        self.kind = kind
        self.program = program
        self.operations_port = free_port()
        self.environment = {
            **environment,
            "PATH": SEARCH_PATH,
            "PAYLINKS_OPERATIONS_PORT": str(self.operations_port),
            "PAYLINKS_LOG_LEVEL": "warning",
        }
        self.log = log
        self.cores = cores
        self.process = None

    @property
    def pid(self):
        return self.process.pid

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--"] + pinned(self.cores) + [self.program],
                env=self.environment,
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self):
        deadline = time.monotonic() + 60
        while not self.is_ready():
            require(self.process.poll() is None, f"{self.name} ended: {self.log_tail()}")
            require(time.monotonic() < deadline, f"{self.name} was not ready within 60 s: {self.log_tail()}")
            time.sleep(0.05)

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.address("health/ready"), timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def address(self, path):
        return f"http://127.0.0.1:{self.operations_port}/{path}"

    def metrics(self):
        """Every sample that the role exports, by its name and labels as they are printed."""
        samples = {}
        with urllib.request.urlopen(self.address("metrics"), timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line and not line.startswith("#"):
                    name, _, value = line.rpartition(" ")
                    samples[name] = float(value)
        return samples

    def log_tail(self):
        with open(self.log, errors="replace") as file:
            return "".join(file.readlines()[-20:])

    def ask_to_stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_until_stopped(self):
        if self.process is None:
            return
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def command_line(bin_folder, environment, arguments):
    """Runs `paylinks` and returns what it printed."""
    said = subprocess.run(
        [os.path.join(bin_folder, "paylinks"), *arguments],
        env={**environment, "PATH": SEARCH_PATH},
        cwd="/",
        capture_output=True,
        text=True,
    )
    if said.returncode != 0:
        raise BenchFailure(f"paylinks {' '.join(arguments[:2])} failed: {said.stdout}{said.stderr}")
    return said.stdout


def command_line_json(bin_folder, environment, arguments):
    return json.loads(command_line(bin_folder, environment, [*arguments, "--json"]))
