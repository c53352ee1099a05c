"""What processes cost, read from /proc: CPU seconds of whole trees, and peaks of resident memory."""

import os

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


def children_by_parent():
    """Every process of the machine under its parent."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = stat_fields(int(name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(name))
    return children


def stat_fields(pid):
    """The fields of /proc/PID/stat from the state on; None when the process is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(root, children=None):
    """A process and all its descendants that live now."""
    children = children or children_by_parent()
    pids = [root]
    for pid in pids:
        pids += children.get(pid, [])
    return pids


def cpu_seconds(root):
    """User and system time of a process, of its live descendants, and of the children that it has reaped."""
    ticks = 0
    for pid in tree(root):
        fields = stat_fields(pid)
        if fields:
            ticks += sum(int(value) for value in fields[11:15])
    return ticks / TICKS_PER_SECOND


def busy_seconds():
    """CPU time that anything at all has used on this machine, or that its host has taken from it."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, interrupt, soft_interrupt, stolen = map(int, file.readline().split()[1:9])
    return (user + nice + system + interrupt + soft_interrupt + stolen) / TICKS_PER_SECOND


def reset_peak(root):
    """Makes the kernel count the peak of resident memory anew."""
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/clear_refs", "w") as file:
                file.write("5")
        except OSError:
            pass


def peak_mib(pid):
    """The peak of a single process's resident memory since it was reset."""
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0.0


def proportional_mib(root):
    """Memory of a whole tree now, where a page that n processes share counts for 1/n in each."""
    total = 0
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except OSError:
            pass
    return total / 1024
