"""Rates: the most that one kind of request reaches with so many connections that always have one under way."""
from . import statistics, workloads


def measure(session, name):
    """Warm runs after one that does not count."""
    options = session.options
    system, books = session.system()
    workload = workloads.ALL[name](books)
    workload.run(options.connections, options.warm_seconds)
    runs = []
    for number in range(options.runs):
        runs.append(workload.run(options.connections, options.seconds))
        session.say(f"{name}: run {number + 1}: {runs[-1]['acceptedPerSecond']:,.0f}/s, drained in "
                    f"{runs[-1]['drainSeconds']} s")
    return {**digest(runs), "runs": runs, "audit": system.audit()}


def digest(runs):
    """What the runs have in common: medians with their spread."""
    figures = statistics.summaries(
        runs, "acceptedPerSecond", "drainSeconds", "walBytesPerOperation", "statementsPerOperation",
        "transactionsPerOperation")
    return {
        **figures, "cpuMicrosecondsPerOperation": statistics.median_of_maps(runs, "cpuMicrosecondsPerOperation"),
        "peakMiB": statistics.median_of_maps(runs, "peakMiB")}
