"""Rates: the most that one kind of request reaches with so many connections that always have one under way."""

from . import statistics, workloads

SUSTAINED_SECONDS = 60


def measure(session, name):
    """Warm runs after one that does not count."""
    options = session.options
    system, books = session.system()
    workload = workloads.ALL[name](books)
    workload.run(options.connections, options.warm_seconds)
    runs = []
    for number in range(options.runs):
        runs.append(workload.run(options.connections, options.seconds))
        session.say(
            f"{name}: run {number + 1}: {runs[-1]['acceptedPerSecond']:,.0f}/s, drained in "
            f"{runs[-1]['drainSeconds']} s"
        )
    return {**digest(runs), "runs": runs, "audit": system.audit()}


def sustained(session):
    """A minute without a pause, for whatever only shows when it goes on."""
    results = {}
    system, books = session.system()
    for name in ("wallet-hot", "ach", "create"):
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
    return {
        **figures,
        "cpuMicrosecondsPerOperation": statistics.median_of_maps(runs, "cpuMicrosecondsPerOperation"),
        "othersShareOfCpu": statistics.summary([run["othersShareOfCpu"] for run in runs]),
        "peakMiB": statistics.median_of_maps(runs, "peakMiB"),
    }
