"""A closed loop of requests, each of its own, by wrk with one thread."""

import json
import os
import resource
import shutil
import subprocess

from .failure import BenchFailure, require

LUA_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lua")


def run(script, url, connections, seconds, arguments, cores=None):
    """Runs wrk and returns what it counted, with the CPU seconds that it took itself."""
    program = shutil.which("wrk")
    require(program, "wrk is not installed: bench/setup")
    words = (["taskset", "-c", cores] if cores else []) + [
        program,
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
        "-s",
        os.path.join(LUA_FOLDER, script),
        url,
        "--",
        *[str(argument) for argument in arguments],
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(words, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    for line in said.stdout.splitlines():
        if line.startswith("RESULT "):
            result = json.loads(line[len("RESULT ") :])
            break
    else:
        raise BenchFailure(f"wrk failed: {said.stdout}{said.stderr}")
    require(not result["exhausted"], f"{script} ran out of prepared links before its time was over")
    result["cpuSeconds"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2)
    return result
