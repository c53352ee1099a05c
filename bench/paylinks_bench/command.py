"""`bench/run`: chooses the pieces, runs them, and writes what they found."""

import argparse
import json
import os
import resource
import signal
import sys
import traceback

from . import call, machine, pieces, tables
from .failure import BenchFailure
from .session import Session

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description="Measures a fresh system on this machine. Progress goes to standard error, the "
        "result as JSON to standard output and to a file in .paylinks/bench.",
    )
    parser.add_argument("--quick", action="store_true", help="without the long series: 20 minutes rather than an hour")
    parser.add_argument("--only", default="", help="pieces to run, with commas: " + ", ".join(pieces.ALL))
    parser.add_argument("--bin", default=os.path.join(ROOT, ".build/release"), help="where the programs are")
    parser.add_argument(
        "--generators", default=os.path.join(ROOT, ".build/release"), help="where the bench's own programs are"
    )
    parser.add_argument("--seconds", type=int, help="length of a run")
    parser.add_argument("--runs", type=int, help="runs that count, after one that does not")
    parser.add_argument("--connections", type=int, default=512, help="connections of the closed loops")
    parser.add_argument("--workers", type=int, default=1, help="claim workers")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a PAYLINKS_ setting of all roles"
    )
    parser.add_argument("--postgres", action="append", default=[], metavar="NAME=VALUE", help="a setting of Postgres")
    parser.add_argument("--output", help="the file to write; by default one named after the time")
    options = parser.parse_args(arguments)
    options.settings = dict(text.split("=", 1) for text in options.set)
    options.postgres = dict(text.split("=", 1) for text in options.postgres)
    options.pieces = options.only.split(",") if options.only else list(pieces.QUICK if options.quick else pieces.FULL)
    unknown = [name for name in options.pieces if name not in pieces.ALL]
    if unknown:
        parser.error(f"there is no piece {', '.join(unknown)}")
    options.seconds = options.seconds or (8 if options.quick else 15)
    options.runs = options.runs or 3
    options.warm_seconds = 3 if options.quick else 5
    return options


def main(arguments):
    options = parse(arguments)
    raise_file_limit()
    session = Session(options)
    # Everything that was started is ended, and the folder removed, when we are told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    document = {"command": call.told(" ".join(["bench/run", *arguments])), "machine": machine.facts(options.bin)}
    try:
        failures = {name: text for name in options.pieces if (text := run_piece(session, name))}
    finally:
        session.close_shared()
    document.update(durability=session.durability, results=session.results, failures=failures)
    write(document, options, session)
    for name, found in session.results.items():
        for line in tables.outline(name, found):
            session.say(line)
    return 1 if failures else 0


def raise_file_limit():
    """Thousands of connections are files of the generator and of the gateway, which inherits this."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run_piece(session, name):
    """Runs one piece; returns why it failed, if it did. The next one then gets a fresh system."""
    session.say(f"{name}: begins")
    try:
        session.results[name] = pieces.ALL[name](session)
        return None
    except Exception as error:
        # Whatever it was, the other pieces' results are kept.
        why = str(error) if isinstance(error, BenchFailure) else "".join(traceback.format_exception(error))
        session.say(f"{name}: FAILED: {why}")
        session.close_shared()
        return why


def write(document, options, session):
    text = json.dumps(document, indent=1, sort_keys=True)
    folder = os.path.join(ROOT, ".paylinks", "bench")
    os.makedirs(folder, exist_ok=True)
    date = document["machine"]["date"].replace(":", "").replace("+0000", "Z")
    path = options.output or os.path.join(folder, f"run-{date}.json")
    with open(path, "w") as file:
        file.write(text + "\n")
    print(text)
    session.say(f"wrote {path}")
