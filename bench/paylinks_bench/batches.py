"""Claims in batches of lines: several connections, each with one batch after another."""

import http.client
import re
import socket
import threading
import time

from . import open_loop, statistics
from .failure import require
from .meter import Meter
from .workloads import WalletHot

PATH = "/v1/payment-links/claims/batch"
#: The most that a batch may have.
LINES = 10_000
CONNECTIONS = 4


def measure(session):
    """Claims a second by batches; None for a build that does not know them."""
    system, books = session.system()
    if post(system, b"").status == 404:
        session.say("batches: this build has none")
        return None
    workload = WalletHot(books)
    payer = workload.first_payer
    batches = 2 if session.options.quick else 6
    one_run(session, workload, payer, 1)
    runs = [one_run(session, workload, payer, batches) for _ in range(session.options.runs)]
    rates = statistics.summary([run["claimsPerSecond"] for run in runs])
    session.say(f"batches: {rates['median']:,.0f} claims/s")
    client = one_run_by_client(session, workload, batches)
    session.say(f"batches by the Swift client: {client['claimsPerSecond']:,.0f} claims/s")
    return {
        "linesPerBatch": LINES,
        "connections": CONNECTIONS,
        "claimsPerSecond": rates,
        "runs": runs,
        "client": client,
        "audit": system.audit(),
    }


def one_run(session, workload, payer, batches):
    """Every connection posts so many batches; each line must be answered with 200."""
    system = workload.system
    count = LINES * batches * CONNECTIONS
    slugs = workload.books.links(count, workload.payees)
    bodies = make_bodies(slugs, payer)
    since = system.database.value("SELECT bench.milliseconds()")
    with Meter(system) as meter:
        began = time.monotonic()
        statuses = post_all(system, bodies)
        seconds = time.monotonic() - began
        workload.drain(meter)
        report = meter.report(count)
    check(workload, statuses, count, since)
    return {
        "claimsPerSecond": round(count / seconds, 1),
        "seconds": round(seconds, 2),
        "claims": count,
        "cpuMicrosecondsPerOperation": report["cpuMicrosecondsPerOperation"],
        "peakMiB": report["peakMiB"],
    }


def one_run_by_client(session, workload, batches):
    """As many claims through the package's Swift client, which makes and reads every line by itself."""
    count = LINES * batches * CONNECTIONS
    slugs = workload.books.links(count, workload.payees)
    words = open_loop.by_client(session.options, "batches", workload, slugs, CONNECTIONS) + ["--count", str(count)]
    since = workload.system.database.value("SELECT bench.milliseconds()")
    with Meter(workload.system) as meter:
        report = open_loop.finish(open_loop.start(words))
        workload.drain(meter)
        costs = meter.report(count, report["cpuSeconds"])["cpuMicrosecondsPerOperation"]
    check(workload, report["statuses"], count, since)
    return {
        "claimsPerSecond": round(count / report["seconds"], 1),
        "cpuMicrosecondsPerOperation": {**costs, "generator": round(report["cpuSeconds"] / count * 1e6, 1)},
    }


def check(workload, statuses, count, since):
    """Every line was answered with 200, and as many claims stand in Postgres."""
    require(statuses == {"200": count}, f"batches: of {count} lines the answers were {statuses}")
    done = workload.count_done(since)
    require(done == count, f"batches: {count} lines were answered with 200, {done} claims stand in Postgres")


def make_bodies(slugs, payer):
    line = '{"slug":"%s","method":"wallet","destination":{"type":"WALLET","walletId":"' + payer + '"}}\n'
    with open(slugs) as file:
        lines = [line % slug.strip() for slug in file]
    return ["".join(lines[start : start + LINES]).encode() for start in range(0, len(lines), LINES)]


def post_all(system, bodies, fields=""):
    """Shares the bodies among the connections and counts the lines' statuses."""
    statuses, lock, failures = {}, threading.Lock(), []

    def work(mine):
        try:
            for body in mine:
                text = post(system, body, fields).read()
                with lock:
                    for status in re.findall(rb'^\{"index":\d+,"status":(\d+)', text, re.MULTILINE):
                        statuses[status.decode()] = statuses.get(status.decode(), 0) + 1
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(bodies[number::CONNECTIONS],)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    require(not failures, f"batches: a connection failed: {failures}")
    return statuses


def post(system, body, fields=""):
    """Posts a batch, with more header fields if any.

    The answer begins before the body has ended, so another thread sends while this one reads.
    """
    connection = socket.create_connection(("127.0.0.1", system.port))
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{system.port}\r\nAuthorization: Bearer {system.key}\r\n"
        f"Content-Type: application/x-ndjson\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
    ).encode()
    sender = threading.Thread(target=connection.sendall, args=(head + body,))
    sender.start()
    response = http.client.HTTPResponse(connection, method="POST")
    response.begin()
    return response
