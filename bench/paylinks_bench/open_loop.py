"""Requests on a schedule, by the bench's own generator; latencies count from the moment at which each was due."""

import json
import os
import resource
import subprocess

from .failure import require

#: So many that no request that is due waits for one: behind a stall it would wait for connections, not for the system.
CONNECTIONS = 1_000


def claim_template(workload):
    """A whole claim as a file, where {1} stands for the slug and {2} for the payer."""
    system = workload.system
    if workload.method == "ach":
        body = (
            '{"method":"ach","destination":{"type":"ACH","routingNumber":"021000021",'
            '"accountNumber":"1234567890","accountName":"Acme Corp"}}'
        )
        length, authorization = len(body), ""
    else:
        body = '{"method":"wallet","destination":{"type":"WALLET","walletId":"{2}"}}'
        length, authorization = len(body) - len("{2}") + 30, f"Authorization: Bearer {system.key}\r\n"
    text = (
        f"POST /v1/payment-links/claim/{{1}}/claim HTTP/1.1\r\nHost: 127.0.0.1:{system.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n{authorization}\r\n{body}"
    )
    return write(workload, text)


def create_template(workload):
    body = '{"walletId":"{1}","amount":"12.50","description":"Bench"}'
    text = (
        f"POST /v1/payment-links HTTP/1.1\r\nHost: 127.0.0.1:{workload.system.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body) - 3 + 30}\r\n"
        f"Authorization: Bearer {workload.system.key}\r\n\r\n{body}"
    )
    return write(workload, text)


def write(workload, text):
    path = workload.books.new_file("template")
    with open(path, "w", newline="") as file:
        file.write(text)
    return path


def program(options):
    path = os.path.join(options.generators, "LoadGenerator")
    require(os.access(path, os.X_OK), f"{path} is not built: bench/setup")
    return path


def by_client(options, kind, workload, slugs, connections):
    """The beginning of a command line that claims through the package's Swift client: one by one, or in batches."""
    words = [program(options), kind, "--base-url", f"http://127.0.0.1:{workload.system.port}"]
    words += ["--slugs", slugs, "--connections", str(connections)]
    if workload.method == "wallet":
        words += ["--api-key", workload.system.key, "--payers", workload.payers]
    return words


def client_command(options, workload, slugs, first, phases, connections):
    """The same claims through the Swift client: for rates at which its own cost bends nothing."""
    words = by_client(options, "claims", workload, slugs, connections) + ["--first", str(first)]
    for rate, seconds in phases:
        words += ["--phase", f"{rate}:{seconds}"]
    return words


def command(options, port, template, values, first, phases, connections):
    """The generator's command line; `phases` are pairs of a rate and seconds."""
    words = [
        program(options),
        "requests",
        "--port",
        str(port),
        "--template",
        template,
        "--first",
        str(first),
        "--connections",
        str(connections),
    ]
    for path in values:
        words += ["--values", path]
    for rate, seconds in phases:
        words += ["--phase", f"{rate}:{seconds}"]
    return words


def start(words):
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    """Waits for the generator and returns its report."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output, errors = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    require(process.returncode == 0, f"LoadGenerator failed: {errors}")
    report = json.loads(output)
    report["cpuSeconds"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2)
    return report


def run_claims(session, workload, phases, connections, by_client=False):
    """Claims on a schedule: the report with the counts that must agree with it."""
    count = sum(int(rate * seconds) for rate, seconds in phases)
    if workload.left < count:
        workload.slugs, workload.first, workload.left = workload.books.links(count, workload.payees), 0, count
    slugs, first = workload.take(count)
    if by_client:
        return finish(start(client_command(session.options, workload, slugs, first, phases, connections)))
    values = [slugs] + ([workload.payers] if workload.method == "wallet" else [])
    words = command(session.options, workload.system.port, claim_template(workload), values, first, phases, connections)
    return finish(start(words))
