"""Rates: the most that one kind of request reaches with so many connections that always have one under way."""

from . import statistics, workloads

SUSTAINED_SECONDS = 60


def measure(session, name):
    system, books = session.system()
    found = runs(session, name, workloads.ALL[name](books))
    return {**digest(found), "runs": found, "audit": system.audit()}


def runs(session, name, workload):
    """Warm runs after one that does not count."""
    options = session.options
    workload.run(options.connections, options.warm_seconds)
    found = []
    for number in range(options.runs):
        found.append(workload.run(options.connections, options.seconds))
        session.say(
            f"{name}: run {number + 1}: {found[-1]['acceptedPerSecond']:,.0f}/s, drained in "
            f"{found[-1]['drainSeconds']} s"
        )
    return found


def sustained(session):
    """A minute without a pause, for whatever only shows when it goes on."""
    results = {}
    system, books = session.system()
    for name in ("wallet-hot", "wallet-cold", "ach", "create"):
        workload = workloads.ALL[name](books)
        workload.run(session.options.connections, session.options.warm_seconds)
        results[name] = workload.run(session.options.connections, SUSTAINED_SECONDS)
        session.say(f"{name} for a minute: {results[name]['acceptedPerSecond']:,.0f}/s")
    return {**results, "audit": system.audit()}


def digest(runs):
    """What the runs have in common: medians with their spread."""
    figures = statistics.summaries(
        runs,
        "acceptedPerSecond",
        "drainSeconds",
        "walBytesPerOperation",
        "statementsPerOperation",
        "transactionsPerOperation",
    )
    if runs[0]["doneInPostgres"] is not None:
        figures |= statistics.summaries(runs, "doneInPostgresPerSecond")
    return {
        **figures,
        "cpuMicrosecondsPerOperation": statistics.median_of_maps(runs, "cpuMicrosecondsPerOperation"),
        "othersShareOfCpu": statistics.summary([run["othersShareOfCpu"] for run in runs]),
        "peakMiB": statistics.median_of_maps(runs, "peakMiB"),
    }
