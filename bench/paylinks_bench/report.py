"""`bench/report`: puts a run's figures into docs/performance.md and its plots into docs/performance."""

import argparse
import glob
import json
import os
import re
import sys

from . import aims, call, svg, tables

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOCUMENT = os.path.join(ROOT, "docs", "performance.md")
#: What the page's tables are made of.
RESULTS = os.path.join(ROOT, "docs", "performance", "results.json")
PLOTS = os.path.join(ROOT, "docs", "performance")


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="bench/report",
        description="Renders results into docs/performance.md. Of several files, later ones add to "
        "and replace the pieces of earlier ones.",
    )
    parser.add_argument("files", nargs="*", help="results; by default the newest in .paylinks/bench")
    parser.add_argument("--only", help="sections to replace, with commas; the others stay as they are")
    parser.add_argument("--aims", action="store_true", help="print only what was aimed for and what was measured")
    options = parser.parse_args(arguments)
    document = merge(options.files or [newest()])
    if options.aims:
        print(tables.table(["aim", "measured", "met"], aims.rows(document["results"])))
        return 0
    texts, drawn = chosen(sections(document), options.only), plots(document["results"])
    os.makedirs(PLOTS, exist_ok=True)
    with open(RESULTS, "w") as file:
        json.dump(without(document, "slowestStatements"), file, indent=1, sort_keys=True)
        file.write("\n")
    for name in drawn.keys() & texts.keys():
        with open(os.path.join(PLOTS, f"{name}.svg"), "w") as file:
            file.write(drawn[name])
    fill(with_plots(texts, drawn))
    return 0


def chosen(texts, names):
    """The sections of these names, or all."""
    if not names:
        return texts
    unknown = [name for name in names.split(",") if name not in texts]
    if unknown:
        sys.exit(f"bench: there is no section {', '.join(unknown)}; there are {', '.join(texts)}")
    return {name: texts[name] for name in names.split(",")}


def with_plots(texts, drawn):
    """The sections, each followed by the plot of its name if there is one."""
    return {
        name: f"{text}\n\n![{name}](performance/{name}.svg)" if name in drawn else text for name, text in texts.items()
    }


def newest():
    files = sorted(glob.glob(os.path.join(ROOT, ".paylinks", "bench", "run-*.json")))
    if not files:
        sys.exit("bench: there is no result yet: make bench")
    return files[-1]


def merge(files):
    """The results of all files; of one piece the last counts, whether it is a result or a failure."""
    document = None
    for path in files:
        with open(path) as file:
            more = json.load(file)
        runs = more.get("runs") or [run_of(more)]
        if document is None:
            document = {**more, "runs": []}
        else:
            add(document, more)
        took = [name for run in runs for name in run["pieces"]]
        for run in document["runs"]:
            run["pieces"] = [name for name in run["pieces"] if name not in took]
        document["runs"] = [run for run in document["runs"] if run["pieces"]] + runs
    if document["failures"]:
        sys.exit(f"bench: these pieces failed: {document['failures']}")
    return document


def add(document, more):
    for name in [*more["results"], *more["failures"]]:
        document["results"].pop(name, None)
        document["failures"].pop(name, None)
    document["results"].update(more["results"])
    document["failures"].update(more["failures"])
    document["durability"] = document.get("durability") or more.get("durability")


def run_of(document):
    """Which call of `bench/run` found these results."""
    facts = document["machine"]
    return {
        "command": call.told(document["command"]),
        "date": facts["date"],
        "commit": facts["versions"].get("commit", "unknown"),
        "niceness": facts.get("niceness", 0),
        "pieces": list(document["results"]),
    }


def without(value, name):
    """The same without any member of that name."""
    if isinstance(value, dict):
        return {key: without(each, name) for key, each in value.items() if key != name}
    return [without(each, name) for each in value] if isinstance(value, list) else value


def fill(texts):
    """Replaces what stands between the markers of each section."""
    with open(DOCUMENT) as file:
        page = file.read()
    for name, text in texts.items():
        pattern = re.compile(rf"(<!-- bench:{name} -->\n).*?(<!-- /bench -->)", re.DOTALL)
        if not pattern.search(page):
            sys.exit(f"bench: {DOCUMENT} has no section {name}")
        page = pattern.sub(lambda found: found.group(1) + text + "\n" + found.group(2), page)
    with open(DOCUMENT, "w") as file:
        file.write(page)


def sections(document):
    results = document["results"]
    return {
        "machine": tables.machine(document),
        "aims": tables.table(["aim", "measured", "met"], aims.rows(results)),
        "rates": tables.rates(results),
        "sustained": tables.sustained(results),
        "costs": tables.costs(results),
        "memory": tables.memory(results),
        "allocations": tables.allocations(results),
        "limits": tables.limits(results),
        "latency": tables.latencies(results),
        "overload": tables.overload(results),
        "expiry": tables.expiry(results),
        "batches": tables.batches(results),
        "backlog": tables.backlog(results),
        "connections": tables.growth(results, "connections", "connections"),
        "workers": tables.growth(results, "workers", "wallets and workers"),
        "pinning": tables.growth(results, "pinning", "workers on one core"),
        "links": tables.growth(results, "links", "links in the table"),
        "peer": tables.peer(results),
    }


def plots(results):
    found = {}
    names = [name for name in tables.RATES if name in results]
    if names:
        found["rates"] = svg.bars(
            "Requests a second, closed loop", [(name, tables.rate_of(results, name)["median"]) for name in names]
        )
        found["costs"] = svg.stacked(
            "CPU microseconds a request, by process",
            [
                (
                    name,
                    {
                        process: results[name]["cpuMicrosecondsPerOperation"].get(process, 0)
                        for process in tables.PROCESSES
                    },
                )
                for name in names
            ],
        )
    if "connections" in results:
        counts = sorted((int(key) for key in results["connections"] if key.isdigit()))
        runs = [results["connections"][str(count)] for count in counts]
        found["connections"] = svg.lines(
            "Claims a second by connections",
            counts,
            {"claims/s": [run["acceptedPerSecond"] for run in runs]},
            "claims/s",
        )
    for name in ("overload", "expiry"):
        if name in results:
            timeline = results[name]["timeline"]
            kinds = [kind for kind in ("sent", "accepted", "shed", "other") if any(kind in second for second in timeline)]
            found[name] = svg.lines(
                (
                    "Requests and answers a second: half, three times, and half of saturation"
                    if name == "overload"
                    else "Claims a second while 100,000 links fall due"
                ),
                list(range(len(timeline))),
                {kind: [second.get(kind, 0) for second in timeline] for kind in kinds},
                "answers/s",
            )
    if "links" in results:
        levels = sorted(int(key) for key in results["links"] if key.isdigit())
        found["links"] = svg.stacked(
            "CPU microseconds a claim, by links in the table",
            [
                (
                    f"{level:,}",
                    {
                        process: results["links"][str(level)]["cpuMicrosecondsPerOperation"].get(process, 0)
                        for process in tables.PROCESSES
                    },
                )
                for level in levels
            ],
        )
    if "peer" in results:
        rows = [
            (f"peer, {name}", results["peer"][name]["settledPerSecond"]["median"])
            for name in ("wallet-hot-202", "wallet-cold-202", "wallet-hot-200", "wallet-cold-200")
        ]
        rows += [(f"Paylinks, {name}", rate) for name, rate in results["peer"]["ours"].items()]
        found["peer"] = svg.bars("Claims settled a second", rows)
    return found
