"""How rate and cost change with more workers, more links, more connections, and cores of one's own."""

from . import workloads
from .books import Books

# How often each number of workers has its turn.
ROUNDS = 3


def batch_one(session):
    """Path (d): the same system, told to settle one claim to a transaction."""
    with session.new_system(settings={"PAYLINKS_BATCH_LIMIT": "1"}) as system:
        run = one_run(session, workloads.WalletHot(Books(system)), session.options.connections)
        session.say(f"batches of one: {run['acceptedPerSecond']:,.0f}/s")
        return {**run, "audit": system.audit()}


def workers(session):
    """One, two and four claim workers, for one hot wallet and for cold ones, in turns: the machine's speed drifts by
    more than what is looked for."""
    results = {}
    with session.new_system() as system:
        books = Books(system)
        for name in ("wallet-hot", "wallet-cold"):
            workload = workloads.ALL[name](books)
            runs = {1: [], 2: [], 4: []}
            for _ in range(ROUNDS):
                for count, found in runs.items():
                    system.set_claim_workers(count)
                    found.append(one_run(session, workload, session.options.connections))
                    session.say(f"{name}, {count} workers: {found[-1]['acceptedPerSecond']:,.0f}/s")
            results.update((f"{name}-{count}", middle(found)) for count, found in runs.items())
        results["audit"] = system.audit()
    return results


def middle(runs):
    """The run with the median rate, with the least and the most of all."""
    ordered = sorted(runs, key=lambda run: run["acceptedPerSecond"])
    rates = [run["acceptedPerSecond"] for run in ordered]
    return {**ordered[len(ordered) // 2], "leastPerSecond": rates[0], "mostPerSecond": rates[-1]}


def connections(session):
    """From a lone payer to a thousand at once."""
    system, books = session.system()
    workload = workloads.WalletHot(books)
    results = {}
    for count in (1, 8, 32, 128, 512, 1000):
        results[str(count)] = one_run(session, workload, count)
        session.say(f"{count} connections: {results[str(count)]['acceptedPerSecond']:,.0f}/s")
    return {**results, "audit": system.audit()}


def links(session):
    """Ten thousand, a million, ten million links in the table; those that are claimed lie anywhere among them."""
    results = {}
    levels = (10_000, 1_000_000) if session.options.quick else (10_000, 1_000_000, 10_000_000)
    with session.new_system() as system:
        books = Books(system)
        workload = workloads.WalletCold(books)
        for level in levels:
            seconds = books.fill(level, workload.payees)
            session.say(f"{level:,} links are there after {seconds:.0f} s")
            results[str(level)] = from_anywhere(session, workload, level)
            session.say(f"{level:,} links: {results[str(level)]['acceptedPerSecond']:,.0f}/s")
        results["audit"] = system.audit()
    return results


def from_anywhere(session, workload, level):
    """One run of links from the whole table; few links alone would not last a run, so new ones join them."""
    seconds, rate = session.options.seconds, session.options.warm_seconds
    wanted = int(workload.rate * workloads.MARGIN * (seconds + rate)) + 10_000
    if level < 4 * wanted:
        workload.slugs, workload.first, workload.left = workload.books.links(wanted, workload.payees), 0, wanted
    else:
        workload.slugs, workload.first, workload.left = workload.books.draw(wanted), 0, wanted
    return one_run(session, workload, session.options.connections)


def pinning(session):
    """Servers on one core, everything else on the other, with one worker and with two."""
    results = {}
    with session.new_system(cores={"servers": "0", "gateway": "1", "workers": "1"}) as system:
        workload = workloads.WalletCold(Books(system))
        for count in (1, 2):
            system.set_claim_workers(count)
            results[str(count)] = one_run(session, workload, session.options.connections, cores="1")
            session.say(
                f"servers on core 0, {count} workers on core 1: {results[str(count)]['acceptedPerSecond']:,.0f}/s"
            )
        results["audit"] = system.audit()
    return results


def one_run(session, workload, connections, cores=None):
    workload.run(connections, session.options.warm_seconds, cores)
    return workload.run(connections, session.options.seconds, cores)
