"""What bounds the system from outside: Postgres with the settlement's statements alone, and the broker alone."""

import json
import os
import re
import subprocess
import urllib.request

from . import statistics
from .books import FUNDS, SQL_FOLDER
from .failure import require
from .meter import Meter
from .servers import SEARCH_PATH
from .ulid import identifier

#: The product's own default: claims in one transaction.
BATCH = 256
#: What the gateway's pace, a message of claims every 4 ms, makes of 8,000 claims a second.
CLAIMS_TO_A_MESSAGE = 32


def settlement(session):
    """Limit (a): the transaction of a batch by pgbench, without broker, gateway or worker; hot wallet and cold ones."""
    system, books = session.system()
    batches = 160 if session.options.quick else 400
    results = {}
    for label, count in (("hot", 1), ("cold", 10_000)):
        for clients in (1, 2):
            found = pgbench(system, books, count, batches, clients, session.options.runs)
            results[f"{label}-{clients}"] = found
            session.say(
                f"settlement alone, {label} wallets, {clients} clients: "
                f"{found['claimsPerSecond']['median']:,.0f} claims/s"
            )
    best = {
        label: max((results[f"{label}-{clients}"]["claimsPerSecond"] for clients in (1, 2)), key=lambda f: f["median"])
        for label in ("hot", "cold")
    }
    return {"batch": BATCH, "runs": results, "claimsPerSecond": best, "audit": system.audit()}


def pgbench(system, books, wallet_count, batches, clients, runs):
    """So many runs of so many batches, after one that does not count."""
    wanted = (1 + runs) * batches * BATCH
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
    run_pgbench(system, batches, clients, 0)
    with Meter(system) as meter:
        rates = [run_pgbench(system, batches, clients, 1 + number) for number in range(runs)]
        report = meter.report(runs * batches * BATCH)
    done = int(system.database.value("SELECT count(*) FROM claims")) - int(before)
    require(done == wanted, f"the settlement limit settled {done} claims instead of {wanted}")
    system.database.run("DELETE FROM outbox WHERE id IN (SELECT event_id FROM bench.jobs)")
    return {
        "clients": clients,
        "claimsPerSecond": statistics.summary([rate * BATCH for rate in rates]),
        "postgresCpuMicrosecondsPerClaim": report["cpuMicrosecondsPerOperation"]["postgres"],
        "walBytesPerClaim": report["walBytesPerOperation"],
        "slowestStatements": report["slowestStatements"],
    }


def run_pgbench(system, batches, clients, run):
    variables = {"turn": run * batches // clients, "clients": clients, "size": BATCH, "body_length": event_length(system)}
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
    """Limit (b): publishing with confirms to a quorum queue, taking from it, and both at once: messages of one claim, and
    messages of as many as travel together under load."""
    system, books = session.system()
    program = os.path.join(session.options.generators, "BrokerLimit")
    require(os.access(program, os.X_OK), f"{program} is not built: bench/setup")
    messages = "40000" if session.options.quick else "100000"
    system.set_claim_workers(0)
    leave_one_claim(system, books)
    results = {}
    for claims in (1, CLAIMS_TO_A_MESSAGE):
        words = [program, "--amqp-url", system.broker.url, "--like", "jobs.claim", "--claims", str(claims)]
        words += ["--messages", messages]
        run_broker(words)
        runs = [run_broker(words) for _ in range(session.options.runs)]
        found = statistics.summaries(runs, "publishPerSecond", "consumePerSecond", "bothPerSecond")
        results[str(claims)] = {"bytes": runs[0]["bytes"], **found}
        session.say(
            f"broker alone, {runs[0]['bytes']} bytes: publishes {found['publishPerSecond']['median']:,.0f}/s, consumes "
            f"{found['consumePerSecond']['median']:,.0f}/s, both at once {found['bothPerSecond']['median']:,.0f}/s"
        )
    system.set_claim_workers(system.claim_workers)
    return results


def run_broker(words):
    said = subprocess.run(words, env={"PATH": SEARCH_PATH}, capture_output=True, text=True)
    require(said.returncode == 0, f"BrokerLimit failed: {said.stdout}{said.stderr}")
    return json.loads(said.stdout)


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
