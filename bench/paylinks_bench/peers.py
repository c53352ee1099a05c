"""The same claims through FastAPI, Celery and psycopg, beside ours, on the same kind of servers in the same run."""

import os
import signal
import socket
import subprocess
import time

from . import statistics, wrk
from .books import Books
from .failure import require
from .processes import cpu_seconds, proportional_mib, tree
from .servers import SEARCH_PATH, free_port, wait_until
from .workloads import WalletCold, WalletHot

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PYTHON = os.path.join(os.path.dirname(BENCH), ".paylinks", "bench", "peer-environment", "bin")
#: Processes that serve HTTP, and processes that settle; the best of those that were tried on two cores.
WEB_PROCESSES = 2
TASK_PROCESSES = 4
#: What the peer is known to reach at most, for the first stock of links.
FIRST_GUESS = 2_000


def measure(session):
    """Wallet claims, hot and cold, through the peer: answered with 202, and settled afterwards."""
    require(os.access(os.path.join(PYTHON, "celery"), os.X_OK), "the peer's Python is missing: bench/setup peers")
    results = {}
    with session.new_system(runs_roles=False) as system:
        books = Books(system)
        for waits in (False, True):
            with Peer(system, waits) as peer:
                for kind in (WalletHot, WalletCold):
                    name = f"{kind.name}-{'200' if waits else '202'}"
                    results[name] = measure_one(session, peer, kind, books)
                    session.say(f"peer, {name}: {results[name]['settledPerSecond']['median']:,.0f} claims/s settled")
        results["audit"] = system.audit()
    results["ours"] = ours(session)
    return results


def measure_one(session, peer, kind, books):
    workload = kind(books)
    workload.rate = FIRST_GUESS
    one_run(session, peer, workload, session.options.warm_seconds)
    # What has piled up in a run is settled after it, which takes longer than the run.
    seconds = min(session.options.seconds, 10)
    runs = [one_run(session, peer, workload, seconds) for _ in range(session.options.runs)]
    return {"settledPerSecond": statistics.summary([run["settledPerSecond"] for run in runs]), "runs": runs}


def one_run(session, peer, workload, seconds):
    """The load, and the time until all that was accepted is settled: the rate is over both."""
    system = peer.system
    workload.stock(seconds)
    since = system.database.value("SELECT bench.milliseconds()")
    cpu = peer.cpu()
    load = wrk.run("claim.lua", peer.base, session.options.connections, seconds, workload.arguments())
    workload.used(load["sent"])
    drained, done = drain(workload, since, load["completed"])
    used = {name: value - cpu[name] for name, value in peer.cpu().items()}
    used["generator"] = load["cpuSeconds"]
    require(not any(load["errors"].values()), f"the peer failed: {load['errors']}")
    # Those that were on their way when the load ended are settled too.
    require(
        load["completed"] <= done <= load["completed"] + session.options.connections,
        f"the peer accepted {load['completed']} claims, and {done} stand in Postgres",
    )
    workload.rate = max(load["completed"] / load["seconds"], 1)
    return {
        "acceptedPerSecond": round(workload.rate, 1),
        "drainSeconds": round(drained, 2),
        "settledPerSecond": round(done / (load["seconds"] + drained), 1),
        "latencyMs": load["latencyMs"],
        "cpuMicrosecondsPerOperation": {name: round(value / max(done, 1) * 1e6, 1) for name, value in used.items()},
        "memoryMiB": peer.memory(),
    }


def drain(workload, since, expected):
    """Waits until the count in Postgres has stood still and reached what was accepted.

    A count is a query of its own on the same two cores, so it is asked for but once a second.
    """
    began = changed = time.monotonic()
    last = -1
    while True:
        done, now = workload.count_done(since), time.monotonic()
        if done != last:
            last, changed = done, now
        elif now - changed > 1 and done >= expected:
            return changed - began, done
        require(now - began < 300, f"the peer has settled {done} of {expected} claims after five minutes")
        time.sleep(1)


def ours(session):
    """Our own rates in this very run, over load and drain as the peer's are."""
    found = {name: session.results.get(name) for name in ("wallet-hot", "wallet-cold")}
    return {name: result["doneInPostgresPerSecond"]["median"] for name, result in found.items() if result}


class Peer:
    """uvicorn and Celery on the system's own servers."""

    def __init__(self, system, waits):
        self.system = system
        self.port = free_port()
        self.environment = {
            "PATH": f"{PYTHON}:{SEARCH_PATH}",
            "PYTHONPATH": BENCH,
            "PEER_DATABASE_URL": system.database.url,
            "PEER_AMQP_URL": system.broker.url.rstrip("/") + "//",
            **({"PEER_WAITS": "1"} if waits else {}),
        }
        self.processes = {}

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        try:
            self.start(
                "celery",
                [
                    "celery",
                    "--app",
                    "peers.tasks",
                    "worker",
                    "--concurrency",
                    str(TASK_PROCESSES),
                    "--loglevel",
                    "WARNING",
                    "--without-gossip",
                    "--without-mingle",
                    "--without-heartbeat",
                ],
            )
            self.start(
                "uvicorn",
                [
                    "uvicorn",
                    "peers.api:app",
                    "--port",
                    str(self.port),
                    "--workers",
                    str(WEB_PROCESSES),
                    "--no-access-log",
                    "--log-level",
                    "warning",
                ],
            )
            wait_until(self.answers, 60, "the peer", self.log("uvicorn"))
            time.sleep(3)
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, name, words):
        with open(self.log(name), "ab") as log:
            self.processes[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", os.path.join(PYTHON, words[0]), *words[1:]],
                env=self.environment,
                cwd=self.system.home,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, name):
        return os.path.join(self.system.home, f"peer-{name}.log")

    def answers(self):
        for name, process in self.processes.items():
            if process.poll() is not None:
                with open(self.log(name), errors="replace") as log:
                    require(False, f"{name} ended: {''.join(log.readlines()[-20:])}")
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def cpu(self):
        used = {name: cpu_seconds(process.pid) for name, process in self.processes.items()}
        return {
            **used,
            "rabbitmq": cpu_seconds(self.system.broker.pid),
            "postgres": cpu_seconds(self.system.postgres.pid),
        }

    def memory(self):
        return {name: round(proportional_mib(process.pid), 1) for name, process in self.processes.items()}

    def __exit__(self, *_):
        for process in self.processes.values():
            pids = tree(process.pid)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pid in pids[1:]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
