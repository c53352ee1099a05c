"""A Postgres and a RabbitMQ of the run's own, with full durability, in a temporary folder."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time

from .failure import BenchFailure, require

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

#: What a machine that serves nothing else would be given; everything else is Postgres's default.
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "logging_collector": "off",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.max": "1000",
}


def free_port():
    """A port below those that the kernel gives to outgoing connections."""
    for _ in range(1000):
        port = 15_000 + secrets.randbelow(15_000)
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise BenchFailure("no free port was found on 127.0.0.1")


def privileges(name):
    """The words in front of a server's command: it ends when we end, and is not root."""
    words = ["setpriv", "--pdeathsig", "KILL"]
    if os.geteuid() == 0:
        user = pwd.getpwnam(name)
        words += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return words + ["--"]


def own(path, name):
    if os.geteuid() == 0:
        user = pwd.getpwnam(name)
        os.chown(path, user.pw_uid, user.pw_gid)


def make_folder(path, name):
    os.makedirs(path, mode=0o700)
    own(path, name)
    return path


def write_file(path, text, name, mode=0o600):
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)
    own(path, name)


def wait_until(condition, seconds, what, log):
    """Looks every tenth of a second; a server that does not come up ends the run with the end of its log."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            tail = ""
            if os.path.exists(log):
                with open(log, errors="replace") as file:
                    tail = "".join(file.readlines()[-20:])
            raise BenchFailure(f"{what} was not ready within {seconds} s\n{tail}")
        time.sleep(0.1)


class Server:
    """A server process that we started."""

    process = None

    @property
    def pid(self):
        return self.process.pid

    def stop(self, signal_number, seconds):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal_number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Postgres(Server):
    """The newest Postgres that is installed."""

    def __init__(self, home, cores=None, settings=None):
        self.folder = make_folder(os.path.join(home, "postgres"), "postgres")
        self.programs = newest_postgres()
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self.settings = {**POSTGRES_SETTINGS, **(settings or {})}
        self.cores = cores
        self.log = os.path.join(self.folder, "postgres.log")

    @property
    def data(self):
        return os.path.join(self.folder, "data")

    def url(self, database):
        return f"postgresql://paylinks:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self):
        self.initialize()
        arguments = ["-D", self.data, "-p", str(self.port), "-k", self.folder]
        for name, value in self.settings.items():
            arguments += ["-c", f"{name}={value}"]
        command = privileges("postgres") + pinned(self.cores) + [f"{self.programs}/postgres"] + arguments
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command,
                env={"PATH": SEARCH_PATH, "LANG": "C.UTF-8"},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.is_ready, 60, "Postgres", self.log)

    def initialize(self):
        password_file = os.path.join(self.folder, "password")
        write_file(password_file, self.password + "\n", "postgres")
        command = privileges("postgres") + [
            f"{self.programs}/initdb",
            "--pgdata",
            self.data,
            "--username",
            "paylinks",
            "--pwfile",
            password_file,
            "--auth",
            "scram-sha-256",
            "--encoding",
            "UTF8",
            "--no-locale",
            "--data-checksums",
        ]
        made = subprocess.run(
            command, env={"PATH": SEARCH_PATH, "LANG": "C.UTF-8"}, cwd="/", capture_output=True, text=True
        )
        require(made.returncode == 0, f"initdb failed: {made.stderr}")

    def is_ready(self):
        require(self.process.poll() is None, f"Postgres ended; see {self.log}")
        answer = subprocess.run([f"{self.programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], cwd="/")
        return answer.returncode == 0

    def stop(self):
        super().stop(signal.SIGINT, 60)


def newest_postgres():
    root = "/usr/lib/postgresql"
    versions = sorted((int(name) for name in os.listdir(root) if name.isdigit()), reverse=True)
    for version in versions:
        if os.access(f"{root}/{version}/bin/postgres", os.X_OK):
            return f"{root}/{version}/bin"
    raise BenchFailure("PostgreSQL is not installed: scripts/setup")


def pinned(cores):
    """The words that keep a program on some cores."""
    return ["taskset", "-c", cores] if cores else []


class RabbitMQ(Server):
    """One broker with a port mapper of its own; it confirms to disk as it always does with quorum queues."""

    NODE = "paylinks@localhost"

    def __init__(self, home, cores=None):
        self.folder = make_folder(os.path.join(home, "rabbitmq"), "rabbitmq")
        self.port = free_port()
        self.distribution_port = free_port()
        self.mapper_port = free_port()
        self.password = secrets.token_hex(16)
        self.cores = cores
        self.log = os.path.join(self.folder, "startup.log")
        self.mapper = None

    @property
    def url(self):
        return f"amqp://paylinks:{self.password}@127.0.0.1:{self.port}/"

    def start(self):
        self.configure()
        with open(self.log, "ab") as log:
            self.mapper = subprocess.Popen(
                privileges("rabbitmq") + ["epmd", "-port", str(self.mapper_port), "-address", "127.0.0.1"],
                env={"PATH": SEARCH_PATH},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            time.sleep(0.3)
            command = privileges("rabbitmq") + pinned(self.cores) + ["/usr/lib/rabbitmq/bin/rabbitmq-server"]
            self.process = subprocess.Popen(
                command,
                env={**self.environment, **self.broker_environment},
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.answers, 120, "RabbitMQ", self.log)

    def configure(self):
        lines = [
            f"listeners.tcp.1 = 127.0.0.1:{self.port}",
            "default_user = paylinks",
            f"default_pass = {self.password}",
            "default_user_tags.administrator = true",
            "vm_memory_high_watermark.absolute = 2GB",
            "disk_free_limit.absolute = 50MB",
            "log.file.level = info",
        ]
        write_file(os.path.join(self.folder, "rabbitmq.conf"), "\n".join(lines) + "\n", "rabbitmq")
        write_file(os.path.join(self.folder, "enabled_plugins"), "[].\n", "rabbitmq")
        write_file(os.path.join(self.folder, ".erlang.cookie"), secrets.token_hex(20), "rabbitmq", mode=0o400)

    @property
    def environment(self):
        return {
            "PATH": SEARCH_PATH,
            "LANG": "C.UTF-8",
            "HOME": self.folder,
            "ERL_EPMD_PORT": str(self.mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_FLAGS": "-start_epmd false",
            "RABBITMQ_NODENAME": self.NODE,
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        }

    @property
    def broker_environment(self):
        schedulers = len(self.cores.split(",")) if self.cores else os.cpu_count()
        return {
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_CRASH_DUMP_SECONDS": "0",
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_CONFIG_FILE": os.path.join(self.folder, "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": os.path.join(self.folder, "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": os.path.join(self.folder, "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": os.path.join(self.folder, "data"),
            "RABBITMQ_LOG_BASE": self.folder,
            "RABBITMQ_LOGS": os.path.join(self.folder, "rabbitmq.log"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                f"-kernel inet_dist_use_interface {{127,0,0,1}} +S {schedulers}:{schedulers}"
            ),
        }

    def answers(self):
        require(self.process.poll() is None, f"RabbitMQ ended; see {self.log}")
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False

    def control(self, *arguments):
        """Runs `rabbitmqctl`; it takes a second or two of a core, so never while something is measured."""
        words = privileges("rabbitmq") + ["/usr/lib/rabbitmq/bin/rabbitmqctl", "--node", self.NODE, *arguments]
        said = subprocess.run(words, env=self.environment, cwd="/", capture_output=True, text=True)
        require(said.returncode == 0, f"rabbitmqctl {arguments[0]} failed: {said.stdout}{said.stderr}")
        return said.stdout

    def queues(self, *columns):
        """The queues' facts, a dictionary to a queue."""
        text = self.control("list_queues", "--silent", *columns)
        rows = [line.split("\t") for line in text.splitlines() if line.strip()]
        return [dict(zip(columns, row)) for row in rows]

    def stop(self):
        super().stop(signal.SIGTERM, 45)
        if self.mapper and self.mapper.poll() is None:
            self.mapper.kill()
            self.mapper.wait()


def remove_folder(path):
    shutil.rmtree(path, ignore_errors=True)
