"""How often each role allocates for a request, counted in front of the C library; the rate means nothing here."""

import os
import shutil
import struct
import subprocess

from . import workloads
from .books import Books
from .failure import require

SOURCE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "allocations", "counter.c")


def measure(session):
    """Allocations and bytes a claim, by role, at full load."""
    with session.new_system(runs_roles=False) as system:
        library, folder = build(system), os.path.join(system.home, "allocations")
        os.mkdir(folder)
        system.process_environment = {"LD_PRELOAD": library, "ALLOCATION_COUNTS": folder}
        system.start_roles()
        books = Books(system)
        results = {name: one(session, workloads.ALL[name](books), folder) for name in ("wallet-hot", "ach", "create")}
        for name, found in results.items():
            session.say(f"allocations, {name}: {found['calls']}")
        return {**results, "audit": system.audit()}


def build(system):
    compiler = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    require(compiler, "no C compiler is installed")
    library = os.path.join(system.home, "counter.so")
    made = subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, SOURCE], capture_output=True, text=True)
    require(made.returncode == 0, f"{SOURCE} does not compile: {made.stderr}")
    return library


def one(session, workload, folder):
    workload.run(session.options.connections, session.options.warm_seconds)
    before = read(workload.system, folder)
    run = workload.run(session.options.connections, session.options.seconds)
    after = read(workload.system, folder)
    done = run["doneInPostgres"]
    return {
        kind: {name: round((after[name][kind] - before[name][kind]) / done, 1) for name in after}
        for kind in ("calls", "bytes")
    }


def read(system, folder):
    counts = {}
    for role in system.roles:
        with open(os.path.join(folder, str(role.pid)), "rb") as file:
            calls, size = struct.unpack("QQ", file.read(16))
        counts[role.name] = {"calls": calls, "bytes": size}
    return counts
