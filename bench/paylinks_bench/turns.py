"""`bench/turns`: two builds or more in one system, each in its turn, so that the machine's drift meets all alike."""

import argparse
import statistics

from . import batches, command, latency, open_loop, tables, workloads
from .session import Session

#: Claims a second of the piece that asks for latency under load.
STEADY_RATE = 4_000


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bench/turns",
        description="Measures several builds in one system: the roles are started anew from each folder in turn, and in "
        "the opposite order every other round. All must know the schema of the last one. Prints a table, with "
        "cost as processor time of all but the generator, in units of what the generator used in the same runs.",
    )
    parser.add_argument("folders", nargs="+", help="where each build's programs are")
    parser.add_argument("--only", default=",".join(PIECES), help="pieces to run, with commas: " + ", ".join(PIECES))
    parser.add_argument("--rounds", type=int, default=3, help="turns of each build")
    parser.add_argument("--seconds", type=int, default=4, help="length of a run")
    options = parser.parse_args(arguments)
    options.pieces = options.only.split(",")
    unknown = [name for name in options.pieces if name not in PIECES]
    if unknown:
        parser.error(f"there is no piece {', '.join(unknown)}")
    return options


def main(arguments):
    options = parse(arguments)
    command.raise_file_limit()
    session = Session(command.parse(["--bin", options.folders[-1], "--seconds", str(options.seconds), "--runs", "1"]))
    try:
        found = measure(session, options)
    finally:
        session.close_shared()
    print(tables.table(["", *options.folders], [(name, *map(cell, found[name].values())) for name in options.pieces]))
    return 0


def measure(session, options):
    """What each piece gave with each build, by round."""
    system, books = session.system()
    used = {}
    found = {name: {folder: [] for folder in options.folders} for name in options.pieces}
    for number in range(options.rounds):
        for folder in options.folders if number % 2 == 0 else reversed(options.folders):
            system.bin = folder
            system.restart_roles(system.settings)
            for name in options.pieces:
                found[name][folder].append(PIECES[name](session, books, used))
                session.say(f"round {number + 1}, {folder}: {name} {found[name][folder][-1]}")
    system.audit()
    return found


def closed_loop(session, books, used, name):
    """(claims or requests a second, cost)"""
    workload = workload_of(books, used, name)
    workload.run(session.options.connections, 1)
    run = workload.run(session.options.connections, session.options.seconds)
    costs = run["cpuMicrosecondsPerOperation"]
    return tables.rate_of_run(name, run), (sum(costs.values()) - costs["generator"]) / costs["generator"]


def in_batches(session, books, used):
    workload = workload_of(books, used, "wallet-hot")
    payer = workload.first_payer
    batches.one_run(session, workload, payer, 1)
    return (batches.one_run(session, workload, payer, 2)["claimsPerSecond"],)


def steady(session, books, used):
    found = latency.at_rate(session, "wallet-hot", STEADY_RATE, open_loop.CONNECTIONS, session.options.seconds)
    return (found["latencyMs"]["p50"],)


def lone(session, books, used):
    return (latency.lone(session)["latencyMs"]["p50"],)


def workload_of(books, used, name):
    if name not in used:
        used[name] = workloads.ALL[name](books)
    return used[name]


def cell(rounds):
    """The median of each figure, and the first one's least and most."""
    medians = [statistics.median(column) for column in zip(*rounds)]
    first = [each[0] for each in rounds]
    return ", ".join(f"{median:,.1f}" for median in medians) + f" ({min(first):,.1f} to {max(first):,.1f})"


def closed(name):
    return lambda session, books, used: closed_loop(session, books, used, name)


PIECES = {
    **{name: closed(name) for name in ("wallet-hot", "wallet-cold", "ach", "create", "details")},
    "batches": in_batches,
    "steady": steady,
    "lone": lone,
}
