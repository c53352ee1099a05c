"""Three times as many claims as the system can do: what it does with them, and how soon it is itself again."""

import time

from . import open_loop, workloads
from .failure import require
from .meter import Meter

#: More than the requests that a gateway works on at once, so that it has to refuse.
CONNECTIONS = 8_000
#: Seconds between the overload and the closed loop that is compared with it.
REST_SECONDS = 5
#: Seconds in a row that must be as they should before the system counts as itself again.
QUIET_SECONDS = 3
#: Seconds: shorter, and most of a phase's answers come in the next one.
SHORTEST_PHASE = 10
#: How many times as long the last one is, in which the generator first has to catch up.
LONG_PHASES = 3
#: What may be answered while there is more than can be done; anything else is a defect.
ALLOWED = {"200", "202", "429", "503"}


def measure(session, name="wallet-hot", factor=3):
    """The closed loop runs right before and right after: a machine that drifts must not count for or against it."""
    seconds = max(session.options.seconds, SHORTEST_PHASE)
    system, books = session.system()
    workload = workloads.ALL[name](books)
    workload.run(session.options.connections, session.options.warm_seconds)
    before = workload.run(session.options.connections, session.options.seconds)["acceptedPerSecond"]
    half, long = round(before / 2), LONG_PHASES * seconds
    phases = [(half, seconds), (round(before * factor), seconds), (half, long)]
    since = system.database.value("SELECT bench.milliseconds()")
    with Meter(system) as meter:
        report = open_loop.run_claims(session, workload, phases, CONNECTIONS)
        drain = workload.drain(meter)
        done = workload.count_done(since)
        costs = meter.report(done)
    time.sleep(REST_SECONDS)
    workload.run(session.options.connections, session.options.warm_seconds)
    after = workload.run(session.options.connections, session.options.seconds)["acceptedPerSecond"]
    peak = max(before, after)
    result = {
        "peakPerSecond": peak,
        "peakBeforePerSecond": before,
        "peakAfterPerSecond": after,
        "factor": factor,
        "phases": report["phases"],
        "timeline": report["timeline"],
        "due": report["due"],
        "sent": report["sent"],
        "answered": report["answered"],
        "lost": report["lost"],
        "doneInPostgres": done,
        "drainSeconds": round(drain, 3),
        "peakMiB": costs["peakMiB"],
        "generatorCpuSeconds": report["cpuSeconds"],
        **figures(report, seconds, peak),
    }
    session.say(
        f"overload: {result['sentPerSecond']:.0f}/s sent, goodput {result['goodputPerSecond']:.0f}/s of {peak:.0f}/s, "
        f"recovered {result['recoverySeconds']} s after the last of them"
    )
    check(report, done)
    return {**result, "audit": system.audit()}


def figures(report, seconds, peak):
    """Goodput while more is sent than can be done, what the rest was told and how soon, and the time until the old rate
    was held again.

    The generator has its share of the two cores too. What it could not send in time it sends behind it, so the overload
    lasts until it has caught up, and recovery counts from there.
    """
    timeline, rate = report["timeline"], report["phases"][2]["rate"]
    end = overload_end(timeline, seconds, rate)
    # The first two seconds are left out: the step itself is no steady state.
    during = timeline[seconds + 2 : end]
    overloaded = report["phases"][1]
    return {
        "sentPerSecond": mean(during, "sent"),
        "goodputPerSecond": mean(during, "accepted"),
        "goodputOfPeak": round(mean(during, "accepted") / peak, 3),
        "overloadSeconds": end - seconds,
        "recoverySeconds": recovery(timeline[end : (2 + LONG_PHASES) * seconds], rate),
        "acceptedLatencyMs": overloaded["latencyMs"].get("accepted"),
        "shedLatencyMs": overloaded["latencyMs"].get("shed"),
        "acceptedServiceMs": overloaded["serviceMs"].get("accepted"),
        "shedServiceMs": overloaded["serviceMs"].get("shed"),
    }


def mean(timeline, kind):
    return round(sum(second.get(kind, 0) for second in timeline) / max(len(timeline), 1), 1)


def overload_end(timeline, seconds, rate):
    """The first second from the last phase on in which no more was sent than was due in it."""
    last = range(2 * seconds, len(timeline))
    return next((number for number in last if timeline[number].get("sent", 0) <= rate * 1.05), len(timeline))


def recovery(timeline, rate):
    """The seconds until nothing was refused and the rate was held, for some seconds in a row; None if that never was."""
    held = [second.get("shed", 0) == 0 and 0.95 <= second.get("accepted", 0) / rate <= 1.05 for second in timeline]
    starts = range(len(held) - QUIET_SECONDS + 1)
    return next((number for number in starts if all(held[number : number + QUIET_SECONDS])), None)


def check(report, done):
    for phase in report["phases"]:
        unexpected = set(phase["statuses"]) - ALLOWED
        require(not unexpected, f"overload: unexpected answers {phase['statuses']}")
    require(report["lost"] == 0, f"overload: {report['lost']} connections ended before their answer")
    require(report["answered"] == report["due"], f"overload: of {report['due']} {report['answered']} were answered")
    accepted = sum(phase["statuses"].get(status, 0) for phase in report["phases"] for status in ("200", "202"))
    # A refusal for lack of a confirm promises nothing, and the job may have arrived all the same.
    refused = sum(phase["statuses"].get("503", 0) for phase in report["phases"])
    require(accepted <= done <= accepted + refused, f"overload: {accepted} claims were promised, {done} were done")
