"""What is aimed for on two cores with everything on them, beside what was measured."""

from . import tables


def rows(results):
    """(aim, measured, met) of everything that the run has measured."""
    found = []

    def add(aim, measured, met):
        found.append((aim, measured, "yes" if met else "no"))

    def median(name):
        return results.get(name, {}).get("acceptedPerSecond", {}).get("median")

    for name, least in (
        ("wallet-hot", 8_000),
        ("wallet-cold", 8_000),
        ("ach", 8_000),
        ("create", 8_000),
        ("details", 15_000),
    ):
        if median(name) is not None:
            add(f"{name}: at least {least:,}/s", f"{median(name):,.0f}/s", median(name) >= least)
    for name in ("wallet-hot", "ach", "create"):
        run = results.get("sustained", {}).get(name)
        if run:
            add(
                f"{name}: at least 8,000/s for a minute",
                f"{run['acceptedPerSecond']:,.0f}/s",
                run["acceptedPerSecond"] >= 8_000,
            )
    limit = results.get("limit-settlement", {}).get("claimsPerSecond", {}).get("hot")
    if limit and median("wallet-hot"):
        share = median("wallet-hot") / limit
        add("at least 25 % of the settlement alone", f"{share:.0%}", share >= 0.25)
    if "batch-one" in results and median("wallet-hot"):
        times = median("wallet-hot") / results["batch-one"]["acceptedPerSecond"]
        add("at least 20 × one claim to a transaction", f"{times:.1f} ×", times >= 20)
    half = results.get("latency-half", {}).get("latencyMs")
    if half:
        add("half of saturation: p50 at most 8 ms", f"{half['p50']:.1f} ms", half["p50"] <= 8)
        add("half of saturation: p99 at most 40 ms", f"{half['p99']:.1f} ms", half["p99"] <= 40)
    lone = results.get("latency-lone", {}).get("latencyMs")
    if lone:
        add("a lone claim: p50 at most 5 ms", f"{lone['p50']:.1f} ms", lone["p50"] <= 5)
    batches = results.get("batches")
    if batches:
        rate = batches["claimsPerSecond"]["median"]
        add("batches: at least 15,000 claims/s", f"{rate:,.0f}/s", rate >= 15_000)
    expiry = results.get("expiry")
    if expiry:
        add(
            "100,000 due in a second: all within 10 s",
            f"{expiry['latenessSeconds']['all']:.1f} s",
            expiry["latenessSeconds"]["all"] <= 10,
        )
        add("claims meanwhile: a loss of at most 20 %", f"{expiry['loss']:.0%}", expiry["loss"] <= 0.2)
        late = expiry["steady"]["latenessSeconds"]["p99"]
        add("steady expiry: p99 at most 250 ms late", f"{late * 1000:.0f} ms", late <= 0.25)
    add_growth(results, add)
    memory = [
        value
        for name in ("wallet-hot", "wallet-cold", "ach", "create", "details")
        for value in results.get(name, {}).get("peakMiB", {}).values()
    ]
    if memory:
        add("every role under 150 MiB at saturation", f"{max(memory):.0f} MiB", max(memory) < 150)
    overload = results.get("overload")
    if overload:
        add(
            "3 × saturation: goodput at least 90 % of the peak",
            f"{overload['goodputOfPeak']:.0%}",
            overload["goodputOfPeak"] >= 0.9,
        )
        add(
            "3 × saturation: back within seconds",
            tables.recovery(overload),
            overload["recoverySeconds"] is not None and overload["recoverySeconds"] <= 5,
        )
    return found


def add_growth(results, add):
    links = {int(key): run for key, run in results.get("links", {}).items() if key.isdigit()}
    if len(links) > 1:
        costs = {level: system_cost(run) for level, run in links.items()}
        growth = costs[max(costs)] / costs[min(costs)] - 1
        add(f"CPU a claim within 15 % from {min(costs):,} to {max(costs):,} links", f"{growth:+.0%}", growth <= 0.15)
    workers = results.get("workers", {})
    for name in ("wallet-hot", "wallet-cold"):
        if f"{name}-2" in workers:
            gain = workers[f"{name}-2"]["acceptedPerSecond"] / workers[f"{name}-1"]["acceptedPerSecond"] - 1
            # Runs of the same thing differ by some per cent themselves.
            add(f"{name}: a second worker never makes it slower", f"{gain:+.0%}", gain >= -0.03)


def system_cost(run):
    return sum(value for name, value in run["cpuMicrosecondsPerOperation"].items() if name != "generator")
