"""What is asked of the system: the requests of one kind, and how to see that all of them were done."""

import time

from . import wrk
from .books import FUNDS
from .failure import require
from .meter import Meter

#: More links than the rate before would use up, for the next run may be faster.
MARGIN = 1.6
#: The most requests a second that links are prepared for while no rate is known.
FIRST_GUESS = 16_000
#: How long no counter may move before the system counts as quiet.
QUIET_SECONDS = 0.3


class Workload:
    """Requests of one kind against one system.

    A subclass says which script makes them, what they are answered, and what must stand in Postgres afterwards.
    """

    name = None
    script = None
    route = None
    expected = {"200"}

    def __init__(self, books):
        self.books = books
        self.system = books.system
        self.rate = FIRST_GUESS
        self.prepare()

    def prepare(self):
        """Makes wallets, and whatever else lasts for all runs."""

    def stock(self, seconds):
        """Makes what one run of `seconds` uses up."""

    def arguments(self):
        return []

    def is_drained(self, meter):
        return True

    def count_done(self, since):
        """How many operations stand in Postgres since that moment."""
        return None

    def run(self, connections, seconds, cores=None):
        """One closed loop: the load, the drain, the counts, and the checks that they agree."""
        self.stock(seconds)
        since = self.system.database.value("SELECT bench.milliseconds()")
        with Meter(self.system) as meter:
            load = wrk.run(self.script, self.system.base, connections, seconds, self.arguments(), cores)
            self.used(load["sent"])
            drain = self.drain(meter)
            answers = meter.answers(self.route)
            done = self.count_done(since)
            completed = self.completed(load)
            report = meter.report(completed if done is None else done, load["cpuSeconds"])
        self.check(load, answers, done, connections)
        report["cpuMicrosecondsPerOperation"]["generator"] = round(load["cpuSeconds"] / max(completed, 1) * 1e6, 1)
        rate = completed / load["seconds"]
        self.rate = max(rate, 1)
        return {
            "connections": connections,
            "seconds": round(load["seconds"], 2),
            "acceptedPerSecond": round(rate, 1),
            "drainSeconds": round(drain, 3),
            "answers": answers,
            "doneInPostgres": done,
            "doneInPostgresPerSecond": done and round(done / (load["seconds"] + drain), 1),
            "closedLoopLatencyMs": load["latencyMs"],
            "errors": load["errors"],
            **report,
        }

    def used(self, count):
        """Notes that so many of the stock are gone."""

    def completed(self, load):
        """How many requests were answered as expected; wrk calls every status from 400 on an error."""
        return load["completed"] - load["errors"]["status"]

    def drain(self, meter):
        """Waits until everything that was accepted is done and told, and says how long that took.

        Quiet is when no counter has moved for a while: a request may still be on its way in, or an answer out.
        """
        began = changed = time.monotonic()
        last = None
        while True:
            now, counters = time.monotonic(), self.counters(meter)
            if counters != last:
                last, changed = counters, now
            elif now - changed > QUIET_SECONDS and self.is_drained(meter):
                return changed - began
            if now - began > 120:
                queues = self.system.broker.queues("name", "messages_ready", "messages_unacknowledged", "consumers")
                taken = meter.total("claim-worker", "paylinks_deliveries_total")
                require(False, f"{self.name}: not done after two minutes: {counters}, {taken} delivered, {queues}")
            time.sleep(0.02)

    def counters(self, meter):
        return (
            sum(meter.answers(self.route).values()),
            meter.total("gateway", "paylinks_jobs_published_total"),
            meter.total("claim-worker", "paylinks_jobs_taken_total"),
            meter.total("claim-worker", "paylinks_settlements_total"),
        )

    def check(self, load, answers, done, connections):
        unexpected = {status: count for status, count in answers.items() if status not in self.expected}
        require(not unexpected, f"{self.name}: unexpected answers {unexpected} among {answers}")
        lost = {kind: count for kind, count in load["errors"].items() if count}
        require(not lost, f"{self.name}: the generator met errors {lost}")
        if done is not None:
            answered = sum(answers.get(status, 0) for status in ("200", "201", "202"))
            require(
                load["completed"] <= answered, f"{self.name}: {load['completed']} answers, the gateway sent {answered}"
            )
            # Requests that were under way when the load ended are done, and nobody was there to be answered.
            require(
                answered <= done <= answered + connections,
                f"{self.name}: {answered} were answered as done, and {done} stand in Postgres",
            )


class Claims(Workload):
    """Claims, each of a link of its own."""

    script = "claim.lua"
    route = "/v1/payment-links/claim/{slug}/claim"
    method = "wallet"
    payee_count = 1
    payer_count = 1
    #: Links are made for so many requests a second at least: a slow run must not leave too few for the next.
    least_rate = 8_000

    def prepare(self):
        self.payees = self.books.wallets(self.payee_count, "Payee")
        if self.method == "wallet":
            payers = self.books.wallets(self.payer_count, "Payer", FUNDS)
            self.payers = self.books.save_wallet_ids(payers)
        self.slugs, self.first, self.left = None, 0, 0

    @property
    def first_payer(self):
        """The id of the wallet that pays, of the first where there are many."""
        with open(self.payers) as file:
            return file.readline().strip()

    def stock(self, seconds):
        wanted = self.wanted(seconds)
        if self.left < wanted:
            self.slugs, self.first, self.left = self.books.links(wanted, self.payees), 0, wanted

    def wanted(self, seconds):
        """How many links must be there for a run of so many seconds."""
        return int(max(self.rate, self.least_rate) * MARGIN * seconds) + 5_000

    def take(self, count):
        """The next slugs of the stock, for other generators than wrk: file and first line."""
        require(self.left >= count, f"{self.name}: {count} links are wanted, and {self.left} are left")
        place = (self.slugs, self.first)
        self.used(count)
        return place

    def used(self, count):
        self.first += count
        self.left -= count

    def arguments(self):
        words = [self.slugs, self.first, self.method]
        return words + ([self.system.key, self.payers] if self.method == "wallet" else [])

    def is_drained(self, meter):
        published = meter.total("gateway", "paylinks_jobs_published_total", 'kind="claim"')
        return meter.total("claim-worker", "paylinks_claims_decided_total") >= published

    def count_done(self, since):
        return int(
            self.system.database.value(
                f"SELECT count(*) FROM claims WHERE status <> 'REFUSED' AND id >= {lowest_id(since)}"
            )
        )


class WalletHot(Claims):
    """Wallet claims that all move money from one wallet to one other."""

    name = "wallet-hot"


class WalletCold(Claims):
    """Wallet claims over ten thousand payers and ten thousand payees."""

    name = "wallet-cold"
    payee_count = 10_000
    payer_count = 10_000


class ACH(Claims):
    """ACH claims to one wallet; done when the sandbox's rail has settled them."""

    name = "ach"
    method = "ach"

    def is_drained(self, meter):
        if not super().is_drained(meter):
            return False
        accepted = meter.total("claim-worker", "paylinks_claims_decided_total", 'outcome="accepted"')
        return meter.total("claim-worker", "paylinks_settlements_total", 'status="settled"') >= accepted

    def count_done(self, since):
        return int(
            self.system.database.value(
                f"SELECT count(*) FROM claims WHERE status = 'SETTLED' AND id >= {lowest_id(since)}"
            )
        )


class Create(Workload):
    """Creations of links for one wallet."""

    name = "create"
    script = "create.lua"
    route = "/v1/payment-links"
    expected = {"201"}

    def prepare(self):
        self.wallets = self.books.save_wallet_ids(self.books.wallets(1, "Payee"))

    def arguments(self):
        return [self.system.key, self.wallets]

    def is_drained(self, meter):
        published = meter.total("gateway", "paylinks_jobs_published_total", 'kind="create"')
        return meter.total("claim-worker", "paylinks_links_created_total") >= published

    def count_done(self, since):
        return int(self.system.database.value(f"SELECT count(*) FROM payment_links WHERE id >= {lowest_id(since)}"))


class Details(Workload):
    """Public details of a hundred thousand links."""

    name = "details"
    script = "details.lua"
    route = "/v1/payment-links/claim/{slug}"

    def prepare(self):
        self.slugs = self.books.links(100_000, self.books.wallets(1, "Payee"))

    def arguments(self):
        return [self.slugs]


class Refused(Workload):
    """Claims that the gateway refuses by their body alone: its HTTP, routing, parsing and rendering."""

    name = "gateway-http"
    script = "refused.lua"
    route = "/v1/payment-links/claim/{slug}/claim"
    expected = {"400"}

    def arguments(self):
        return [self.system.key]

    def completed(self, load):
        return load["errors"]["status"]

    def check(self, load, answers, done, connections):
        require(load["errors"].pop("status") == load["completed"], "a malformed claim was not refused")
        super().check(load, answers, done, connections)


def lowest_id(milliseconds):
    """The lowest id that can be minted from that moment on, as SQL."""
    return f"(lpad(to_hex({milliseconds}::bigint), 12, '0') || repeat('0', 20))::uuid"


ALL = {workload.name: workload for workload in (WalletHot, WalletCold, ACH, Create, Details, Refused)}
