"""What is aimed for on two cores with everything on them, beside what was measured."""

from . import growth, tables


def rows(results):
    """(aim, measured, met) of everything that the run has measured."""
    found = []

    def add(aim, measured, met):
        found.append((aim, measured, "yes" if met else "no"))

    def median(name):
        return tables.rate_of(results, name).get("median")

    for name, least in (
        ("wallet-hot", 8_000),
        ("wallet-cold", 8_000),
        ("ach", 8_000),
        ("create", 8_000),
        ("details", 15_000),
    ):
        if median(name) is not None:
            add(f"{name}: at least {least:,}/s", f"{median(name):,.0f}/s", median(name) >= least)
    for name in tables.SUSTAINED:
        run = results.get("sustained", {}).get(name)
        if run:
            rate = tables.rate_of_run(name, run)
            add(f"{name}: at least 8,000/s for a minute", f"{rate:,.0f}/s", rate >= 8_000)
    limits = results.get("limit-settlement", {}).get("claimsPerSecond", {})
    for label, name in (("hot", "wallet-hot"), ("cold", "wallet-cold")):
        if label in limits and median(name):
            share = median(name) / limits[label]["median"]
            add(f"{name}: at least 25 % of the settlement alone", f"{share:.0%}", share >= 0.25)
    if "batch-one" in results and median("wallet-hot"):
        times = median("wallet-hot") / results["batch-one"]["acceptedPerSecond"]["median"]
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
    memory = [value for name in tables.RATES for value in results.get(name, {}).get("peakMiB", {}).values()]
    memory += [value for run in (results.get("batches") or {}).get("runs", []) for value in run["peakMiB"].values()]
    if memory:
        add("every role under 150 MiB at saturation", f"{max(memory):.0f} MiB", max(memory) < 150)
    backlog = results.get("backlog")
    if backlog:
        most = max(backlog["peakMiB"].values())
        add("a backlog: every role under 150 MiB", f"{most:.0f} MiB", most < 150)
    overload = results.get("overload")
    if overload:
        most = max(overload["peakMiB"].values())
        add("3 × saturation: every role under 150 MiB", f"{most:.0f} MiB", most < 150)
        add(
            "3 × saturation: goodput at least 90 % of the peak",
            f"{overload['goodputOfPeak']:.0%}",
            overload["goodputOfPeak"] >= 0.9,
        )
        for kind, label, most in (
            ("shed", "refused at once (within 100 ms of being sent, p99)", 100),
            ("accepted", "what is accepted is answered within 5 s of being sent (p99)", 5_000),
        ):
            service = overload[f"{kind}ServiceMs"]
            if service:
                add(f"3 × saturation: {label}", f"{service['p99']:,.0f} ms", service["p99"] <= most)
        add(
            "3 × saturation: back within seconds",
            tables.recovery(overload),
            overload["recoverySeconds"] is not None and overload["recoverySeconds"] <= 5,
        )
    return found


def add_growth(results, add):
    costs = {int(key): growth.system_cost(run) for key, run in results.get("links", {}).items() if key.isdigit()}
    if len(costs) > 1:
        least, most = min(costs), max(costs)
        # The dearest level, wherever it lies.
        change = max(cost / costs[least] - 1 for level, cost in costs.items() if level != least)
        add(f"CPU a claim within 15 % from {least:,} to {most:,} links", f"{change:+.0%}", change <= 0.15)
    workers = results.get("workers", {})
    for name in ("wallet-hot", "wallet-cold"):
        if f"{name}-2" in workers:
            gain = workers[f"{name}-2"]["acceptedPerSecond"] / workers[f"{name}-1"]["acceptedPerSecond"] - 1
            # Runs of the same thing differ by some per cent themselves.
            add(f"{name}: a second worker never makes it slower, but for 3 %", f"{gain:+.0%}", gain >= -0.03)
