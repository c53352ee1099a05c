"""Latencies at rates that the system can hold, and of a claim that is alone."""

from . import open_loop, workloads
from .failure import require
from .meter import Meter


def at_half(session, name="wallet-hot"):
    """Claims at half of the rate that the closed loop has reached."""
    peak = session.peak(name)
    return at_rate(session, name, round(peak / 2), open_loop.CONNECTIONS, session.options.seconds * 2)


def lone(session, name="wallet-hot", by_client=True):
    """One claim at a time, twenty a second: what a payer who is alone waits for."""
    return at_rate(session, name, 20, 1, max(10, session.options.seconds), by_client)


def at_rate(session, name, rate, connections, seconds, by_client=False):
    system, books = session.system()
    workload = workloads.ALL[name](books)
    # The first phase does not count: connections open in it, and the disk takes in what was prepared in bulk.
    phases = [(rate, session.options.warm_seconds), (rate, seconds)]
    since = system.database.value("SELECT bench.milliseconds()")
    with Meter(system) as meter:
        report = open_loop.run_claims(session, workload, phases, connections, by_client)
        workload.drain(meter)
        done = workload.count_done(since)
        costs = meter.report(done, report["cpuSeconds"])
    check(report, name)
    accepted = sum(phase["statuses"]["200"] for phase in report["phases"])
    require(done == accepted, f"{name}: {accepted} claims were answered, {done} stand in Postgres")
    latency = report["phases"][1]["latencyMs"]["accepted"]
    session.say(f"{name} at {rate}/s: p50 {latency['p50']} ms, p99 {latency['p99']} ms")
    return {
        "rate": rate,
        "connections": connections,
        "seconds": seconds,
        "latencyMs": latency,
        "cpuMicrosecondsPerOperation": costs["cpuMicrosecondsPerOperation"],
        "othersShareOfCpu": costs["othersShareOfCpu"],
        "generatorCpuSeconds": report["cpuSeconds"],
        "audit": system.audit(),
    }


def check(report, name):
    """At a rate that the system can hold nothing is refused, lost or left unsent."""
    statuses = [phase["statuses"] for phase in report["phases"]]
    require(
        all(set(each) == {"200"} for each in statuses) and report["answered"] == report["due"],
        f"{name}: of {report['due']} requests {report['sent']} were sent and {report['answered']} answered: {statuses}",
    )
