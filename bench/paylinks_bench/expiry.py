"""A hundred thousand links that are due within one second, while claims run at half of what the system can do."""

import time

from . import open_loop, workloads
from .failure import require

DUE = 100_000
#: From the start of the load until the links are due: the rate before is what the rate after is compared with.
LEAD_SECONDS = 20
#: How long it may take to make those links.
PREPARATION_SECONDS = 45
#: How long all of them may take to expire.
PATIENCE_SECONDS = 60


def measure(session, name="wallet-hot"):
    system, books = session.system()
    workload = workloads.ALL[name](books)
    rate = round(session.peak(name) / 2)
    seconds = LEAD_SECONDS + 20
    stock_for(workload, rate * seconds)
    payees = books.wallets(1, "Payee")
    due = system.database.value(f"SELECT clock_timestamp() + interval '{LEAD_SECONDS + PREPARATION_SECONDS} seconds'")
    books.links(DUE, payees, due=due, spread_milliseconds=1000)
    rest = seconds_until(system, due) - LEAD_SECONDS
    require(rest >= 0, f"the links took {-rest:.1f} s too long to make")
    time.sleep(rest)
    since = system.database.value("SELECT bench.milliseconds()")
    report = open_loop.run_claims(session, workload, [(rate, seconds)], open_loop.CONNECTIONS)
    statuses = report["phases"][0]["statuses"]
    require(
        set(statuses) == {"200"} and report["answered"] == report["due"],
        f"expiry: of {report['due']} claims {report['answered']} were answered: {statuses}",
    )
    done = workload.count_done(since)
    require(done == report["due"], f"expiry: {report['due']} claims were answered, {done} stand in Postgres")
    wait_until_expired(system, payees)
    lateness = lateness_of(system, payees)
    before = report["timeline"][5 : LEAD_SECONDS - 1]
    during = report["timeline"][LEAD_SECONDS : LEAD_SECONDS + 10]
    rates = {
        label: sum(second.get("accepted", 0) for second in seconds) / len(seconds)
        for label, seconds in (("before", before), ("during", during))
    }
    session.say(
        f"expiry: all of {DUE:,} after {lateness['all']} s, claims {rates['before']:.0f}/s before, "
        f"{rates['during']:.0f}/s during"
    )
    return {
        "due": DUE,
        "claimRate": rate,
        "claimsPerSecond": rates,
        "loss": round(1 - rates["during"] / rates["before"], 4),
        "latenessSeconds": lateness,
        "claimLatencyMs": report["phases"][0]["latencyMs"]["accepted"],
        "timeline": report["timeline"],
        "steady": steady(session, books),
        "audit": system.audit(),
    }


def steady(session, books):
    """Lateness while five hundred links a second fall due, and nothing else happens."""
    system = session.system()[0]
    seconds, count = 10, 5_000
    payees = books.wallets(1, "Payee")
    due = system.database.value("SELECT clock_timestamp() + interval '5 seconds'")
    books.links(count, payees, due=due, spread_milliseconds=seconds * 1000)
    wait_until_expired(system, payees)
    return {"duePerSecond": count // seconds, "latenessSeconds": lateness_of(system, payees)}


def stock_for(workload, count):
    """Makes the claims' links before the clock runs."""
    workload.slugs = workload.books.links(count, workload.payees)
    workload.first, workload.left = 0, count


def seconds_until(system, moment):
    return float(system.database.value(f"SELECT extract(epoch FROM '{moment}'::timestamptz - clock_timestamp())"))


def wait_until_expired(system, payees):
    deadline = time.monotonic() + PATIENCE_SECONDS
    query = (
        f"SELECT EXISTS (SELECT FROM payment_links WHERE wallet_id = '{payees[0]}' AND status = 'ACTIVE' "
        f"AND expires_at IS NOT NULL)"
    )
    while system.database.value(query) == "t":
        require(time.monotonic() < deadline, "links that are due are still not expired")
        time.sleep(0.25)


def lateness_of(system, payees):
    """From a link's time to its transition, in seconds; `all` is from the first time to the last transition."""
    row = system.database.rows(
        "SELECT percentile_disc(ARRAY[0.5, 0.95, 0.99, 1]) WITHIN GROUP (ORDER BY late), "
        "max(expired) - min(due), min(late) "
        "FROM (SELECT extract(epoch FROM expired_at - expires_at)::numeric(12, 3) AS late, "
        "extract(epoch FROM expired_at)::numeric(16, 3) AS expired, "
        "extract(epoch FROM expires_at)::numeric(16, 3) AS due "
        f"FROM payment_links WHERE wallet_id = '{payees[0]}' AND status = 'EXPIRED') AS links"
    )[0]
    p50, p95, p99, most = (float(text) for text in row[0].strip("{}").split(","))
    require(float(row[2]) >= 0, "a link expired before its time")
    return {"p50": p50, "p95": p95, "p99": p99, "max": most, "all": float(row[1])}
