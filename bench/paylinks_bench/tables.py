"""Results as Markdown tables; what a run did not measure is left out."""

RATES = ["wallet-hot", "wallet-cold", "ach", "create", "details", "gateway-http"]
PERCENTILES = ["p50", "p95", "p99", "p999", "max"]
SUSTAINED = ["wallet-hot", "wallet-cold", "ach", "create"]
PROCESSES = [
    "gateway",
    "claim-worker",
    "postgres",
    "rabbitmq",
    "settlement-worker",
    "expiry-worker",
    "webhook-worker",
    "generator",
]


def table(head, rows):
    if not rows:
        return "Not measured in this run."
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def rate(value):
    return f"{value:,.0f}"


def rate_of(results, name):
    """The figure that counts: an ACH claim is done when its rail has settled it, long after it was accepted."""
    found = results.get(name, {})
    return found.get("doneInPostgresPerSecond" if name == "ach" else "acceptedPerSecond", {})


def rate_of_run(name, run):
    return run["doneInPostgresPerSecond" if name == "ach" else "acceptedPerSecond"]


def outline(name, found):
    """A piece's figures in a line or two, for whoever watches the run."""
    if not isinstance(found, dict):
        return []
    figures = [
        (label, found[label])
        for label in ("acceptedPerSecond", "doneInPostgresPerSecond", "claimsPerSecond", "drainSeconds")
        if isinstance(found.get(label), dict) and "median" in found[label]
    ]
    lines = [
        f"{name}: {label}: median {figure['median']:,.2f}, {figure['least']:,.2f} to {figure['most']:,.2f}"
        for label, figure in figures
    ]
    latency = found.get("latencyMs")
    return lines + ([f"{name}: " + ", ".join(f"{key} {latency[key]} ms" for key in PERCENTILES)] if latency else [])


def machine(document):
    facts, durability = document["machine"], document.get("durability") or {}
    settings = durability.get("postgres", {})
    rows = [
        *((f"run{number}", described(run)) for number, run in numbered(document["runs"])),
        ("processor", f"{facts['cpu']}, {facts['cores']} cores for everything: servers, roles and generator"),
        ("memory", f"{facts['memoryGiB']} GiB"),
        ("system", f"{facts['system']}, Linux {facts['kernel']}"),
        ("others' share of the processors", others(document["results"])),
        ("versions", ", ".join(f"{name} {version}" for name, version in facts["versions"].items())),
        ("Postgres", ", ".join(f"`{name} = {value}`" for name, value in settings.items())),
        (
            "RabbitMQ",
            f"{durability.get('workQueues', '?')} work queues, all {durability.get('workQueueType', '?')}; "
            "every publish confirmed",
        ),
        ("file system", durability.get("fileSystem", "?")),
    ]
    return table(["", ""], rows)


def numbered(runs):
    return [("", runs[0])] if len(runs) == 1 else [(f" {number + 1}", run) for number, run in enumerate(runs)]


def described(run):
    niceness = f", at niceness {run['niceness']}" if run.get("niceness") else ""
    return f"`{run['command'].strip()}` on {run['date']}, commit {run['commit']}{niceness}: {', '.join(run['pieces'])}"


def others(results):
    """How much of the machine went to what is no part of the measurement, over the closed loops."""
    shares = [
        found["othersShareOfCpu"]["most"]
        for found in results.values()
        if found and "othersShareOfCpu" in found and isinstance(found["othersShareOfCpu"], dict)
    ]
    return f"at most {max(shares):.0%} in any closed loop" if shares else "not measured"


def rates(results):
    rows = []
    for name in RATES:
        found = results.get(name)
        if found:
            figure, cpu = rate_of(results, name), found["cpuMicrosecondsPerOperation"]
            rows.append(
                (
                    name,
                    f"**{rate(figure['median'])}**",
                    f"{rate(figure['least'])} to {rate(figure['most'])}",
                    f"{found['drainSeconds']['median']:.2f} s",
                    rate(found["walBytesPerOperation"]["median"]),
                    f"{found['statementsPerOperation']['median']:.2f}",
                    rate(sum(cpu.values())),
                )
            )
    return table(
        ["requests", "a second", "least to most", "drain", "WAL bytes each", "statements each", "CPU µs each"], rows
    )


def sustained(results):
    rows = [
        (
            name,
            f"**{rate(rate_of_run(name, run))}**",
            f"{run['drainSeconds']:.2f} s",
            f"{run['closedLoopLatencyMs']['p99']:.0f} ms",
            run["checkpoints"],
        )
        for name, run in results.get("sustained", {}).items()
        if "acceptedPerSecond" in run
    ]
    return table(["a minute of", "a second", "drain", "closed loop's p99", "checkpoints"], rows)


def costs(results):
    rows = []
    for name in RATES:
        found = results.get(name)
        if found:
            cpu = found["cpuMicrosecondsPerOperation"]
            rows.append([name] + [f"{cpu.get(process, 0):.0f}" for process in PROCESSES])
    return table(["CPU µs a request"] + PROCESSES, rows)


def memory(results):
    rows = []
    for name in RATES:
        found = results.get(name)
        if found:
            rows.append([name] + [f"{found['peakMiB'].get(role, 0):.0f}" for role in roles(results)])
    return table(["peak MiB"] + roles(results), rows)


def roles(results):
    return sorted({role for name in RATES for role in results.get(name, {}).get("peakMiB", {})})


def allocations(results):
    found = results.get("allocations", {})
    names = [name for name in RATES if name in found]
    kinds = ["gateway", "claim-worker-1", "settlement-worker", "webhook-worker"]
    return table(
        ["allocations a request"] + kinds,
        [
            [name]
            + [
                f"{found[name]['calls'].get(kind, 0):.0f} ({found[name]['bytes'].get(kind, 0) / 1024:.1f} KiB)"
                for kind in kinds
            ]
            for name in names
        ],
    )


def limits(results):
    rows = []
    ours = {name: rate_of(results, name)["median"] for name in RATES if name in results}
    settlement = results.get("limit-settlement", {}).get("claimsPerSecond", {})
    for label, name in (("hot", "wallet-hot"), ("cold", "wallet-cold")):
        if label in settlement:
            rows.append((f"settlement alone, {label} wallets, 256 to a transaction", settlement[label], 1, name))
    for claims, found in results.get("limit-broker", {}).items():
        label = "one claim" if claims == "1" else f"{claims} claims"
        for key, meaning in (
            ("publishPerSecond", "published with confirms"),
            ("consumePerSecond", "consumed"),
            ("bothPerSecond", "both at once"),
        ):
            what = f"broker alone, {label} to a message of {found['bytes']:,} bytes, {meaning}"
            rows.append((what, found[key], int(claims), "wallet-hot" if key == "bothPerSecond" else None))
    if "gateway-http" in results:
        rows.append(
            ("gateway alone: claims refused by their body", rate_of(results, "gateway-http"), 1, "wallet-hot")
        )
    if "batch-one" in results:
        found = results["batch-one"]["acceptedPerSecond"]
        rows.append(("our own path, one claim to a transaction", found, 1, "wallet-hot"))
    return table(
        ["limit", "claims a second", "least to most", "ours", "ratio"],
        [
            (
                label,
                rate(limit["median"] * claims),
                f"{rate(limit['least'] * claims)} to {rate(limit['most'] * claims)}",
                f"{name} {rate(ours[name])}" if name in ours else "",
                ratio(ours.get(name), limit["median"] * claims),
            )
            for label, limit, claims, name in rows
        ],
    )


def ratio(ours, other):
    if not ours or not other:
        return ""
    return f"{ours / other:.1f} ×" if ours > 2 * other else f"{ours / other:.0%}"


def latencies(results):
    rows = []
    for key, label in (
        ("latency-lone", "a lone claim through the Swift client"),
        ("latency-lone-socket", "a lone claim over a socket"),
        ("latency-half", "half of saturation"),
    ):
        found = results.get(key)
        if found:
            rows.append(
                latency_row(
                    f"{label} ({rate(found['rate'])}/s, {found['connections']} connections)", found["latencyMs"]
                )
            )
    overload = results.get("overload")
    if overload:
        for kind, label in (("accepted", "accepted"), ("shed", "refused")):
            for key, since in (("LatencyMs", "from when due"), ("ServiceMs", "from when sent")):
                if overload[kind + key]:
                    label_of_row = f"{label} at {overload['factor']} × saturation, {since}"
                    rows.append(latency_row(label_of_row, overload[kind + key]))
    return table(["claims", "p50 ms", "p95 ms", "p99 ms", "p99.9 ms", "most ms"], rows)


def latency_row(label, latency):
    return (label, *(f"{latency[name]:.1f}" for name in PERCENTILES))


def overload(results):
    found = results.get("overload")
    if not found:
        return table([], [])
    names = ("half", f"{found['factor']} ×", "half again")
    answers = [(f"answers, {name}", statuses(phase)) for name, phase in zip(names, found["phases"])]
    before, after = found["peakBeforePerSecond"], found["peakAfterPerSecond"]
    goodput = found["goodputPerSecond"]
    return table(
        ["", ""],
        [
            (
                "due",
                f"{rate(found['phases'][1]['rate'])}/s, {found['factor']} × the closed loop's {rate(before)}/s right "
                f"before, for {found['phases'][1]['seconds']:.0f} s",
            ),
            ("sent", f"{rate(found['sentPerSecond'])}/s, for {found['overloadSeconds']} s until all was sent"),
            (
                "goodput meanwhile",
                f"{rate(goodput)}/s: {goodput / before:.0%} of the rate before, {goodput / after:.0%} of the "
                f"{rate(after)}/s after",
            ),
            *answers,
            ("lost", f"{found['lost']}"),
            ("recovered", recovery(found)),
            ("gateway's peak", f"{found['peakMiB']['gateway']:.0f} MiB"),
        ],
    )


def statuses(phase):
    return ", ".join(f"{status}: {count:,}" for status, count in sorted(phase["statuses"].items()))


def recovery(found):
    """How long the old rate took to come back; None is longer than was looked."""
    seconds = found["recoverySeconds"]
    return "not within the run" if seconds is None else f"{seconds} s after the last of the excess was sent"


def expiry(results):
    found = results.get("expiry")
    if not found:
        return table([], [])
    late, steady = found["latenessSeconds"], found["steady"]
    return table(
        ["", ""],
        [
            ("due within one second", f"{found['due']:,} links"),
            ("all of them EXPIRED", f"{late['all']:.1f} s after the first was due"),
            ("lateness", f"p50 {late['p50']:.2f} s, p99 {late['p99']:.2f} s"),
            (
                "claims meanwhile",
                f"{rate(found['claimsPerSecond']['during'])}/s after {rate(found['claimsPerSecond']['before'])}/s"
                f" before, a loss of {max(found['loss'], 0):.0%}",
            ),
            (
                "claims' latency over all",
                f"p50 {found['claimLatencyMs']['p50']:.1f} ms, p99 {found['claimLatencyMs']['p99']:.1f} ms",
            ),
            (
                f"lateness at {steady['duePerSecond']} a second, nothing else",
                f"p50 {steady['latenessSeconds']['p50'] * 1000:.0f} ms, "
                f"p99 {steady['latenessSeconds']['p99'] * 1000:.0f} ms",
            ),
        ],
    )


def growth(results, piece, label):
    found = results.get(piece, {})
    rows = []
    for key, run in found.items():
        if isinstance(run, dict) and "acceptedPerSecond" in run:
            cpu = {name: value for name, value in run["cpuMicrosecondsPerOperation"].items()}
            name = f"{int(key):,}" if key.isdigit() else key
            rows.append(
                (
                    name,
                    rate(run["acceptedPerSecond"]),
                    f"{cpu['claim-worker']:.0f}",
                    f"{cpu['postgres']:.0f}",
                    rate(sum(cpu.values())),
                    rate(run["walBytesPerOperation"]),
                    rate(run["databaseMiB"]),
                )
            )
    rows.sort(key=lambda row: int(row[0].replace(",", "")) if row[0].replace(",", "").isdigit() else 0)
    return table([label, "claims/s", "worker µs", "Postgres µs", "all µs", "WAL bytes", "database MiB"], rows)


def batches(results):
    found = results.get("batches")
    if not found:
        return table([], [])
    figure, client = found["claimsPerSecond"], found.get("client")
    lines, connections = f"{found['linesPerBatch']:,}", found["connections"]
    spread = f"{rate(figure['least'])} to {rate(figure['most'])}"
    rows = [("ready-made lines", lines, connections, f"**{rate(figure['median'])}**", spread)]
    if client:
        rows.append(("the Swift client", lines, connections, f"**{rate(client['claimsPerSecond'])}**", "one run"))
    return table(
        ["sent by", "lines to a batch", "connections", "claims/s", "least to most"],
        rows,
    )


def backlog(results):
    found = results.get("backlog")
    if not found:
        return table([], [])
    peaks = ", ".join(f"{role} {peak:.0f} MiB" for role, peak in sorted(found["peakMiB"].items()))
    seconds, speed = found["drainSeconds"], rate(found["settledPerSecond"])
    return table(
        ["", ""],
        [
            ("accepted while no worker ran", f"{found['claims']:,} claims, {rate(found['acceptedPerSecond'])}/s"),
            ("settled by the first worker", f"within {seconds:.0f} s, {speed}/s"),
            ("peaks meanwhile", peaks),
        ],
    )


def peer(results):
    found = results.get("peer")
    if not found:
        return table([], [])
    rows = []
    for name, kind in (("wallet-hot", "hot wallets"), ("wallet-cold", "cold wallets")):
        for answer, meaning in (("202", "answered when published"), ("200", "answered when settled")):
            one = found[f"{name}-{answer}"]
            rate_of_it = one["settledPerSecond"]["median"]
            ours = found["ours"].get(name)
            figure = one["settledPerSecond"]
            cpu = sum(one["runs"][-1]["cpuMicrosecondsPerOperation"].values())
            rows.append(
                (
                    f"{kind}, {meaning}",
                    rate(rate_of_it),
                    f"{rate(figure['least'])} to {rate(figure['most'])}",
                    rate(cpu),
                    rate(ours) if ours else "",
                    f"**{ours / rate_of_it:.1f} ×**" if ours else "",
                )
            )
    return table(["peer", "settled a second", "least to most", "CPU µs each", "ours a second", "ratio"], rows)
