"""How rate and cost change with more workers, more links, more connections, and cores of one's own."""

from . import closed_loop, workloads
from .books import Books

#: What one claim to a transaction reaches at most, for the first stock of links.
BATCH_ONE_GUESS = 2_000
#: How often each number of workers has its turn.
ROUNDS = 3


def batch_one(session):
    """Path (d): the same system, told to settle one claim to a transaction."""
    with session.new_system(settings={"PAYLINKS_BATCH_LIMIT": "1"}) as system:
        workload = workloads.WalletHot(Books(system))
        workload.rate = workload.least_rate = BATCH_ONE_GUESS
        runs = closed_loop.runs(session, "one claim to a transaction", workload)
        return {**closed_loop.digest(runs), "runs": runs, "audit": system.audit()}


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
    """As few links as the runs need, a million, ten million; those that are claimed lie anywhere among them."""
    results = {}
    rate = session.peak("wallet-cold")
    levels = (10_000, 1_000_000) if session.options.quick else (10_000, 1_000_000, 10_000_000)
    with session.new_system() as system:
        books = Books(system)
        workload = workloads.WalletCold(books)
        workload.rate = rate
        for level in levels:
            seconds = books.fill(level, workload.payees)
            session.say(f"{level:,} links are there after {seconds:.0f} s")
            runs = [from_anywhere(session, workload, level) for _ in range(session.options.runs)]
            # How many there were at the end: what is claimed beside the level's own is in the table too.
            count = int(system.database.value("SELECT count(*) FROM payment_links"))
            results[str(count)] = middle_cost(runs)
            session.say(f"{count:,} links: {results[str(count)]['acceptedPerSecond']:,.0f}/s")
        results["audit"] = system.audit()
    return results


def from_anywhere(session, workload, level):
    """One run of links from the whole table; few links would not last a run, so new ones join them.

    Runs so short that the first level lasts would tell what it costs to make connections.
    """
    wanted = workload.wanted(session.options.warm_seconds) + workload.wanted(session.options.seconds)
    has_enough = level >= session.options.runs * wanted
    slugs = workload.books.draw(wanted) if has_enough else workload.books.links(wanted, workload.payees)
    workload.slugs, workload.first, workload.left = slugs, 0, wanted
    return one_run(session, workload, session.options.connections)


def middle_cost(runs):
    """The run with the median cost: the rate drifts with the machine, and cost is what is looked for."""
    return sorted(runs, key=system_cost)[len(runs) // 2]


def system_cost(run):
    """CPU microseconds an operation, of everything but the load itself."""
    return sum(value for name, value in run["cpuMicrosecondsPerOperation"].items() if name != "generator")


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
