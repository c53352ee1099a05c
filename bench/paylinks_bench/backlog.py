"""A backlog: what was accepted while no claim worker ran, and how one that starts works it off."""

import time

from . import batches
from .books import Books
from .failure import require
from .meter import Meter
from .workloads import WalletHot

#: In batches of lines, which fill the broker's messages: the most that a worker can be handed at once.
CLAIMS = 300_000


def measure(session):
    with session.new_system(claim_workers=0) as system:
        workload = WalletHot(Books(system))
        bodies = batches.make_bodies(workload.books.links(CLAIMS, workload.payees), workload.first_payer)
        since = system.database.value("SELECT bench.milliseconds()")
        with Meter(system) as meter:
            began = time.monotonic()
            statuses = batches.post_all(system, bodies, "Prefer: respond-async\r\n")
            accepting = time.monotonic() - began
            require(statuses == {"202": CLAIMS}, f"backlog: of {CLAIMS} lines the answers were {statuses}")
            require(workload.count_done(since) == 0, "backlog: claims were decided while no worker ran")
            system.set_claim_workers(1)
            draining = workload.drain(meter)
            report = meter.report(CLAIMS)
        done = workload.count_done(since)
        require(done == CLAIMS, f"backlog: {CLAIMS} claims were accepted, {done} stand in Postgres")
        peak = report["peakMiB"]["claim-worker-1"]
        session.say(f"backlog: {CLAIMS / draining:,.0f} claims/s, the worker's peak {peak} MiB")
        return {
            "claims": CLAIMS,
            "acceptedPerSecond": round(CLAIMS / accepting, 1),
            "drainSeconds": round(draining, 2),
            "settledPerSecond": round(CLAIMS / draining, 1),
            "cpuMicrosecondsPerOperation": report["cpuMicrosecondsPerOperation"],
            "peakMiB": report["peakMiB"],
            "audit": system.audit(),
        }
