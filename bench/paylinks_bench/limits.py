"""What bounds the system from outside: Postgres with the settlement's statements alone, and the broker alone."""

import json
import os
import re
import subprocess
import urllib.request

from .books import FUNDS, SQL_FOLDER
from .failure import require
from .meter import Meter
from .servers import SEARCH_PATH
from .ulid import identifier

#: The product's own default: claims in one transaction.
BATCH = 256


def settlement(session):
    """Limit (a): the transaction of a batch by pgbench, without broker, gateway or worker; hot wallet and cold ones."""
    system, books = session.system()
    batches = 240 if session.options.quick else 800
    results = {}
    for label, count in (("hot", 1), ("cold", 10_000)):
        for clients in (1, 2):
            rate = pgbench(system, books, count, batches, clients)
            results[f"{label}-{clients}"] = rate
            session.say(
                f"settlement alone, {label} wallets, {clients} clients: {rate['claimsPerSecond']:,.0f} claims/s"
            )
    best = {
        label: max(results[f"{label}-{clients}"]["claimsPerSecond"] for clients in (1, 2)) for label in ("hot", "cold")
    }
    return {"batch": BATCH, "runs": results, "claimsPerSecond": best, "audit": system.audit()}


def pgbench(system, books, wallet_count, batches, clients):
    wanted = batches * BATCH
    payees = books.wallets(wallet_count, "Payee")
    payers = books.wallets(wallet_count, "Payer", FUNDS)
    books.links(wanted, payees)
    variables = {
        "size": BATCH,
        "wanted": wanted,
        "payers": "{" + ",".join(payers) + "}",
        "payer_count": len(payers),
        "payees": "{" + ",".join(payees) + "}",
    }
    with open(os.path.join(SQL_FOLDER, "settle-tables.sql")) as file:
        system.database.run(file.read(), variables=variables)
    before = system.database.value("SELECT count(*) FROM claims")
    with Meter(system) as meter:
        rate = run_pgbench(system, batches, clients)
        report = meter.report(wanted)
    done = int(system.database.value("SELECT count(*) FROM claims")) - int(before)
    require(done == wanted, f"the settlement limit settled {done} claims instead of {wanted}")
    system.database.run("DELETE FROM outbox WHERE id IN (SELECT event_id FROM bench.jobs)")
    return {
        "clients": clients,
        "transactionsPerSecond": round(rate, 2),
        "claimsPerSecond": round(rate * BATCH, 1),
        "postgresCpuMicrosecondsPerClaim": report["cpuMicrosecondsPerOperation"]["postgres"],
        "walBytesPerClaim": report["walBytesPerOperation"],
        "slowestStatements": report["slowestStatements"],
    }


def run_pgbench(system, batches, clients):
    variables = {"turn": 0, "clients": clients, "size": BATCH, "body_length": event_length(system)}
    words = [
        f"{system.postgres.programs}/pgbench",
        "-n",
        "-M",
        "prepared",
        "-c",
        str(clients),
        "-j",
        "1",
        "-t",
        str(batches // clients),
        "-f",
        os.path.join(SQL_FOLDER, "settle.sql"),
    ]
    for name, value in variables.items():
        words += ["-D", f"{name}={value}"]
    said = subprocess.run(words, env=system.database.environment(), cwd="/", capture_output=True, text=True)
    found = re.search(r"^tps = ([\d.]+)", said.stdout, re.MULTILINE)
    require(said.returncode == 0 and found, f"pgbench failed: {said.stdout}{said.stderr}")
    return float(found.group(1))


def event_length(system):
    """How long the product's own event of a claim is."""
    known = system.database.value(
        "SELECT coalesce(max(length(body)), 0) FROM events WHERE type = 'payment_link.claimed'"
    )
    return int(known) or 520


def broker(session):
    """Limit (b): publishing with confirms to a quorum queue, taking from it, and both at once, at a claim's size."""
    system, books = session.system()
    program = os.path.join(session.options.generators, "BrokerLimit")
    require(os.access(program, os.X_OK), f"{program} is not built: bench/setup")
    messages = "60000" if session.options.quick else "200000"
    runs = []
    system.set_claim_workers(0)
    leave_one_claim(system, books)
    for _ in range(1 if session.options.quick else 3):
        said = subprocess.run(
            [program, "--amqp-url", system.broker.url, "--like", "jobs.claim", "--messages", messages],
            env={"PATH": SEARCH_PATH},
            capture_output=True,
            text=True,
        )
        require(said.returncode == 0, f"BrokerLimit failed: {said.stdout}{said.stderr}")
        runs.append(json.loads(said.stdout))
    system.set_claim_workers(system.claim_workers)
    middle = sorted(runs, key=lambda run: run["bothPerSecond"])[len(runs) // 2]
    session.say(
        f"broker alone, {middle['bytes']} bytes: publishes {middle['publishPerSecond']:,.0f}/s, consumes "
        f"{middle['consumePerSecond']:,.0f}/s, both at once {middle['bothPerSecond']:,.0f}/s"
    )
    return {"runs": runs, **middle}


def leave_one_claim(system, books):
    """Puts one claim's job into the queue, where it stays while there is no worker."""
    payee = books.wallets(1, "Payee")
    payer = identifier("wal", books.wallets(1, "Payer", FUNDS)[0])
    with open(books.links(1, payee)) as file:
        slug = file.read().strip()
    body = json.dumps({"method": "wallet", "destination": {"type": "WALLET", "walletId": payer}}).encode()
    claim = urllib.request.Request(
        f"{system.base}/v1/payment-links/claim/{slug}/claim",
        data=body,
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {system.key}",
            "Prefer": "respond-async",
        },
    )
    with urllib.request.urlopen(claim) as answer:
        require(answer.status == 202, f"a claim without workers was answered with {answer.status}")
