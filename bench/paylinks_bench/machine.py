"""Where a run took place, and with what."""

import datetime
import os
import platform
import re
import shutil
import subprocess


def facts(bin_folder):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "memoryGiB": round(memory_gib(), 1),
        "kernel": platform.release(),
        "system": system_name(),
        "versions": versions(bin_folder),
        "loadBefore": os.getloadavg()[0],
        # Below zero it takes precedence over everything else on the machine.
        "niceness": os.nice(0),
    }


def cpu_model():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def system_name():
    with open("/etc/os-release") as file:
        for line in file:
            if line.startswith("PRETTY_NAME="):
                return line.partition("=")[2].strip().strip('"')
    return platform.system()


def versions(bin_folder):
    from .servers import newest_postgres

    return {
        "postgres": first_line([f"{newest_postgres()}/postgres", "--version"]),
        "rabbitmq": package_version("rabbitmq-server"),
        "erlang": package_version("erlang-base"),
        "swift": first_line(["swift", "--version"]),
        "wrk": package_version("wrk"),
        "commit": first_line(["git", "-C", bin_folder, "describe", "--always", "--dirty"]),
    }


def first_line(words):
    if not shutil.which(words[0]):
        return "absent"
    said = subprocess.run(words, capture_output=True, text=True)
    line = (said.stdout.strip().splitlines() or ["unknown"])[0]
    return re.sub(r"^(postgres \(PostgreSQL\)|Swift version) ", "", line)


def package_version(name):
    said = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True)
    return said.stdout.strip() or "unknown"
