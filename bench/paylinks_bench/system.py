"""A whole system of the run's own: servers, schema, roles, and an organization with a key."""

import base64
import os
import secrets
import tempfile
import time

from . import roles
from .database import Database, file_system_of
from .failure import require
from .servers import Postgres, RabbitMQ, free_port, remove_folder

#: The generator is one address with one key, and is held to no share.
GENEROUS = ("PAYLINKS_RATE_LIMIT_PER_ORGANIZATION",
    "PAYLINKS_RATE_LIMIT_PER_KEY", "PAYLINKS_RATE_LIMIT_PER_ADDRESS", "PAYLINKS_MAX_CONNECTIONS_PER_ADDRESS")


class System:
    """Starts fresh, is measured, and is gone afterwards.

    `cores` maps "servers", "gateway", "workers" to the cores they may use, such as {"servers": "0"}.
    `settings` are PAYLINKS_ variables of all roles. Without `runs_roles` there are only servers and the schema.
    """

    def __init__(
        self, bin_folder, claim_workers=1, cores=None, settings=None, postgres_settings=None, runs_roles=True, say=print
    ):
        self.bin = os.path.abspath(bin_folder)
        self.cores = cores or {}
        self.settings = settings or {}
        self.claim_workers = claim_workers
        self.runs_roles = runs_roles
        self.say = say
        # /tmp may be in memory, and there durability costs nothing.
        self.home = tempfile.mkdtemp(prefix="paylinks-bench-", dir="/var/tmp")
        os.chmod(self.home, 0o711)
        self.postgres = Postgres(self.home, self.cores.get("servers"), postgres_settings)
        self.broker = RabbitMQ(self.home, self.cores.get("servers"))
        self.port = free_port()
        self.roles = []
        #: Variables of the roles' processes that are no settings of theirs.
        self.process_environment = {}
        self.database = Database(self.postgres, "paylinks")
        self.organization = None
        self.key = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self):
        generous = {name: "1000000" for name in GENEROUS}
        return {**generous, **self.settings, **self.addresses, **self.process_environment}

    @property
    def addresses(self):
        return {
            "PAYLINKS_DATABASE_URL": self.database.url,
            "PAYLINKS_AMQP_URL": self.broker.url,
            "PAYLINKS_SEALING_KEYS": f"bench:{self.sealing_key}",
            "PAYLINKS_DIGEST_KEY": self.digest_key,
            "PAYLINKS_PORT": str(self.port),
            "PAYLINKS_HOST": "127.0.0.1",
            "PAYLINKS_WEBHOOK_ALLOW_LOOPBACK": "true",
        }

    def start(self):
        require(os.access(os.path.join(self.bin, "paylinks"), os.X_OK), f"{self.bin} holds no paylinks: make build")
        self.sealing_key = base64.b64encode(secrets.token_bytes(32)).decode()
        self.digest_key = base64.b64encode(secrets.token_bytes(32)).decode()
        began = time.monotonic()
        self.postgres.start()
        self.broker.start()
        Database(self.postgres, "postgres").run("CREATE DATABASE paylinks")
        self.database.run("CREATE EXTENSION pg_stat_statements")
        self.paylinks("migrate")
        if self.runs_roles:
            self.start_roles()
        self.make_organization()
        self.say(f"system ready after {time.monotonic() - began:.1f} s; pids {self.pids()}")

    def start_roles(self):
        names = ["gateway", "settlement-worker", "expiry-worker", "webhook-worker"]
        names += [f"claim-worker-{number + 1}" for number in range(self.claim_workers)]
        self.roles = [self.role(name) for name in names]
        for role in self.roles:
            role.start()
        for role in self.roles:
            role.wait_until_ready()

    def role(self, name):
        """A process of a role; copies of a role end in a number."""
        kind = name.rstrip("0123456789").rstrip("-")
        cores = self.cores.get("gateway" if kind == "gateway" else "workers")
        program = os.path.join(self.bin, roles.PROGRAMS[kind])
        return roles.Role(name, kind, program, self.environment, os.path.join(self.home, f"{name}.log"), cores)

    def set_claim_workers(self, count):
        """Starts or stops claim workers until there are as many."""
        workers = self.of_kind("claim-worker")
        for role in workers[count:]:
            role.ask_to_stop()
            role.wait_until_stopped()
            self.roles.remove(role)
        for number in range(len(workers), count):
            role = self.role(f"claim-worker-{number + 1}")
            role.start()
            role.wait_until_ready()
            self.roles.append(role)

    def of_kind(self, kind):
        return [role for role in self.roles if role.kind == kind]

    @property
    def gateway(self):
        return self.of_kind("gateway")[0]

    def restart_roles(self, settings):
        """Starts every role anew with other settings, on the same data."""
        self.stop_roles()
        self.settings = settings
        self.start_roles()

    def stop_roles(self):
        for role in self.roles:
            role.ask_to_stop()
        for role in self.roles:
            role.wait_until_stopped()
        self.roles = []

    def make_organization(self):
        made = self.paylinks_json("organizations", "create", "Bench")
        self.organization = made["id"]
        self.key = self.paylinks_json("keys", "create", self.organization)["secret"]

    def paylinks(self, *arguments):
        return roles.command_line(self.bin, self.addresses, list(arguments))

    def paylinks_json(self, *arguments):
        return roles.command_line_json(self.bin, self.addresses, list(arguments))

    def audit(self):
        """The books must be right after everything that was done to them; anything else ends the run."""
        began = time.monotonic()
        self.paylinks("audit")
        return {"clean": True, "seconds": round(time.monotonic() - began, 1)}

    def pids(self):
        pids = {role.name: role.pid for role in self.roles}
        return {**pids, "postgres": self.postgres.pid, "rabbitmq": self.broker.pid}

    def durability(self):
        """The facts that make an answer of ours hold, as the servers themselves tell them."""
        names = [
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "wal_sync_method",
            "shared_buffers",
            "max_wal_size",
            "checkpoint_timeout",
        ]
        facts = {name: self.database.value(f"SHOW {name}") for name in names}
        require(facts["fsync"] == "on" and facts["synchronous_commit"] == "on", "Postgres is not durable")
        work = [queue for queue in self.broker.queues("name", "type", "durable") if "replies." not in queue["name"]]
        require(all(queue["type"] == "quorum" for queue in work), f"not every work queue is a quorum queue: {work}")
        return {
            "postgres": facts,
            "fileSystem": file_system_of(self.home),
            "workQueues": len(work),
            "workQueueType": "quorum",
            "publisherConfirms": True,
        }

    def stop(self):
        self.stop_roles()
        self.broker.stop()
        self.postgres.stop()
        remove_folder(self.home)
