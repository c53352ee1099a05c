"""Counts around a piece of load: what each process used, what Postgres wrote, what the gateway answered."""

import os
import re
import time

from .processes import busy_seconds, cpu_seconds, peak_mib, proportional_mib, reset_peak


class Meter:
    """Readings of one system, taken before and after."""

    def __init__(self, system):
        self.system = system

    def __enter__(self):
        for role in self.system.roles:
            reset_peak(role.pid)
        self.before = self.read()
        return self

    def __exit__(self, *_):
        return False

    def read(self):
        system = self.system
        cpu = {role.name: cpu_seconds(role.pid) for role in system.roles}
        cpu["rabbitmq"] = cpu_seconds(system.broker.pid)
        cpu["postgres"] = cpu_seconds(system.postgres.pid)
        return {
            "at": time.monotonic(),
            "busy": busy_seconds(),
            "cpu": cpu,
            "metrics": {role.name: role.metrics() for role in system.roles},
            "database": self.read_database(),
            "statements": self.read_statements(),
        }

    def read_database(self):
        # Postgres 17 moved the checkpoints' counters.
        is_new = int(self.system.database.value("SHOW server_version_num")) >= 170_000
        checkpoints = (
            "num_timed + num_requested FROM pg_stat_checkpointer"
            if is_new
            else "checkpoints_timed + checkpoints_req FROM pg_stat_bgwriter"
        )
        row = self.system.database.rows(
            "SELECT pg_current_wal_insert_lsn() - '0/0', xact_commit, xact_rollback, blks_read,"
            " pg_database_size(datname),"
            f" (SELECT {checkpoints})"
            " FROM pg_stat_database WHERE datname = 'paylinks'"
        )[0]
        return dict(zip(["wal", "commits", "rollbacks", "blocksRead", "size", "checkpoints"], map(float, row)))

    def read_statements(self):
        """Calls, milliseconds and rows of every statement so far, by its id."""
        rows = self.system.database.rows(
            "SELECT queryid, calls, total_exec_time, rows, wal_bytes, left(regexp_replace(query, '\\s+', ' ', 'g'), 90)"
            " FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = 'paylinks')"
            " AND query NOT LIKE '%pg_stat_%'"
        )
        return {
            row[0]: {
                "calls": int(row[1]),
                "milliseconds": float(row[2]),
                "rows": int(row[3]),
                "wal": float(row[4]),
                "text": "|".join(row[5:]),
            }
            for row in rows
        }

    def report(self, operations, generator=0.0):
        """What happened since the start, per operation where that says more; `operations` were done in that time.

        `generator` is the CPU time that the load itself has used.
        """
        after = self.read()
        per = max(operations, 1)
        cpu = self.cpu(after)
        database = {name: after["database"][name] - self.before["database"][name] for name in after["database"]}
        statements = self.statements(after)
        seconds = after["at"] - self.before["at"]
        others = after["busy"] - self.before["busy"] - sum(cpu.values()) - generator
        return {
            "wallSeconds": round(seconds, 3),
            # What else ran on the machine meanwhile: with much of it, only the costs are worth anything.
            "othersShareOfCpu": round(max(others, 0) / seconds / os.cpu_count(), 3),
            "cpuMicrosecondsPerOperation": {name: round(value / per * 1e6, 1) for name, value in cpu.items()},
            "cpuSeconds": {name: round(value, 2) for name, value in cpu.items()},
            "peakMiB": {role.name: round(peak_mib(role.pid), 1) for role in self.system.roles},
            "serverMiB": {
                "postgres": round(proportional_mib(self.system.postgres.pid), 1),
                "rabbitmq": round(proportional_mib(self.system.broker.pid), 1),
            },
            "walBytesPerOperation": round(database["wal"] / per, 1),
            "statementsPerOperation": round(sum(row["calls"] for row in statements) / per, 4),
            "transactionsPerOperation": round(database["commits"] / per, 4),
            "checkpoints": int(database["checkpoints"]),
            "databaseMiB": round(after["database"]["size"] / 2**20, 1),
            "slowestStatements": sorted(statements, key=lambda row: -row["milliseconds"])[:14],
        }

    def cpu(self, after):
        """CPU seconds by role; the copies of one role are one."""
        used = {}
        for name, value in after["cpu"].items():
            kind = re.sub(r"-\d+$", "", name)
            used[kind] = used.get(kind, 0.0) + value - self.before["cpu"].get(name, 0.0)
        return used

    def statements(self, after):
        rows = []
        for number, now in after["statements"].items():
            was = self.before["statements"].get(number, {"calls": 0, "milliseconds": 0.0, "rows": 0, "wal": 0.0})
            calls = now["calls"] - was["calls"]
            if calls > 0:
                rows.append(
                    {
                        "calls": calls,
                        "milliseconds": round(now["milliseconds"] - was["milliseconds"], 1),
                        "rows": now["rows"] - was["rows"],
                        "walBytes": now["wal"] - was["wal"],
                        "text": now["text"],
                    }
                )
        return rows

    def total(self, kind, name, contains=""):
        """How much the counters of a role have grown whose name starts so and whose labels hold `contains`."""
        grown = 0.0
        for role in self.system.of_kind(kind):
            before = self.before["metrics"].get(role.name, {})
            for sample, value in role.metrics().items():
                if sample.startswith(name) and contains in sample:
                    grown += value - before.get(sample, 0.0)
        return int(grown)

    def answers(self, route):
        """How often the gateway has answered a route with each status since the start."""
        counts = {}
        role = self.system.gateway
        before = self.before["metrics"][role.name]
        for sample, value in role.metrics().items():
            if sample.startswith("paylinks_http_requests_total") and f'route="{route}"' in sample:
                status = re.search(r'status="(\d+)"', sample).group(1)
                grown = int(value - before.get(sample, 0.0))
                if grown:
                    counts[status] = counts.get(status, 0) + grown
        return counts
