"""Three times as many claims as the system can do: what it does with them, and how soon it is itself again."""

from . import open_loop, workloads
from .failure import require
from .meter import Meter

#: More than the requests that a gateway works on at once, so that the load does not wait for connections.
CONNECTIONS = 8_000
#: Seconds: shorter, and most of a phase's answers come in the next one.
SHORTEST_PHASE = 10
#: What may be answered while there is more than can be done; anything else is a defect.
ALLOWED = {"200", "202", "429", "503"}


def measure(session, name="wallet-hot", factor=3):
    """The closed loop runs right before and right after: a machine that drifts must not count for or against it."""
    seconds = max(session.options.seconds, SHORTEST_PHASE)
    system, books = session.system()
    workload = workloads.ALL[name](books)
    workload.run(session.options.connections, session.options.warm_seconds)
    before = workload.run(session.options.connections, session.options.seconds)["acceptedPerSecond"]
    phases = [(round(before / 2), seconds), (round(before * factor), seconds), (round(before / 2), seconds)]
    since = system.database.value("SELECT bench.milliseconds()")
    with Meter(system) as meter:
        report = open_loop.run_claims(session, workload, phases, CONNECTIONS)
        drain = workload.drain(meter)
        done = workload.count_done(since)
        costs = meter.report(done)
    after = workload.run(session.options.connections, session.options.seconds)["acceptedPerSecond"]
    peak = (before + after) / 2
    result = {
        "peakPerSecond": peak,
        "peakBeforePerSecond": before,
        "peakAfterPerSecond": after,
        "factor": factor,
        "phases": report["phases"],
        "timeline": report["timeline"],
        "due": report["due"],
        "sent": report["sent"],
        "lost": report["lost"],
        "doneInPostgres": done,
        "drainSeconds": round(drain, 3),
        "peakMiB": costs["peakMiB"],
        "generatorCpuSeconds": report["cpuSeconds"],
        **figures(report, seconds, peak),
    }
    session.say(
        f"overload: goodput {result['goodputPerSecond']:.0f}/s of {peak:.0f}/s, recovered after "
        f"{result['recoverySeconds']} s"
    )
    check(report, done)
    return {**result, "audit": system.audit()}


def figures(report, seconds, peak):
    """Goodput while overloaded, what the rest was told and how soon, and the time until the old rate was held again."""
    timeline = report["timeline"]
    # The first two seconds are left out: the step itself is no steady state.
    during = timeline[seconds + 2 : 2 * seconds]
    goodput = sum(second.get("accepted", 0) for second in during) / max(len(during), 1)
    after = timeline[2 * seconds : 3 * seconds]
    recovery = next(
        (
            number
            for number, second in enumerate(after)
            if second.get("shed", 0) == 0 and second.get("accepted", 0) <= report["phases"][2]["rate"] * 1.05
        ),
        None,
    )
    overloaded = report["phases"][1]["latencyMs"]
    return {
        "goodputPerSecond": round(goodput, 1),
        "goodputOfPeak": round(goodput / peak, 3),
        "recoverySeconds": recovery,
        "acceptedLatencyMs": overloaded.get("accepted"),
        "shedLatencyMs": overloaded.get("shed"),
    }


def check(report, done):
    for phase in report["phases"]:
        unexpected = set(phase["statuses"]) - ALLOWED
        require(not unexpected, f"overload: unexpected answers {phase['statuses']}")
    require(report["lost"] == 0, f"overload: {report['lost']} connections ended before their answer")
    accepted = sum(phase["statuses"].get(status, 0) for phase in report["phases"] for status in ("200", "202"))
    # A refusal for lack of a confirm promises nothing, and the job may have arrived all the same.
    refused = sum(phase["statuses"].get("503", 0) for phase in report["phases"])
    require(accepted <= done <= accepted + refused, f"overload: {accepted} claims were promised, {done} were done")
