"""Wallets and links for a run, made by set-based SQL with books that `paylinks audit` finds right."""

import base64
import os
import time
from concurrent.futures import ThreadPoolExecutor

from .ulid import as_uuid, identifier

SQL_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sql")

#: A link's amount in cents: small enough that no wallet runs dry.
AMOUNT = 1
FUNDS = 1_000_000_000
#: How many links one statement makes.
PART = 250_000


def digest_key_statement(key):
    """The statement that hands the key to `bench.mark`, as HMAC's inner and outer blocks."""
    block = base64.b64decode(key).ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block).hex() for pad in (0x36, 0x5C))
    return f"INSERT INTO bench.digest_key VALUES ('\\x{inner}', '\\x{outer}')"


class Books:
    """What is prepared in one system."""

    def __init__(self, system):
        self.system = system
        self.database = system.database
        self.organization = as_uuid(system.organization)
        self.files = 0
        with open(os.path.join(SQL_FOLDER, "prepare.sql")) as file:
            self.database.run(file.read())
        self.database.run(digest_key_statement(system.digest_key))

    def wallets(self, count, label, funds=0):
        """Makes wallets and returns their ids as UUIDs."""
        rows = self.database.rows(
            f"SELECT * FROM bench.make_wallets('{self.organization}', {count}, '{label}', {funds})"
        )
        return [row[0] for row in rows]

    def links(self, count, payees, due=None, spread_milliseconds=0):
        """Makes links and returns the file with their slugs, one a line, in no order."""
        path = self.new_file("slugs")
        moment = f"'{due}'" if due else "NULL"
        with open(path, "w") as file:
            self.database.run(
                f"SELECT * FROM bench.make_links('{self.organization}', '{{{','.join(payees)}}}', {count}, {AMOUNT}, "
                f"{moment}, {spread_milliseconds})",
                output=file,
            )
        # What is prepared in bulk would wake the autovacuum in the middle of a run, and go to disk there.
        self.database.run("VACUUM (ANALYZE) payment_links; VACUUM (ANALYZE) events")
        os.sync()
        return path

    def fill(self, level, payees):
        """Makes links until there are so many, in parts, two at a time; says how many seconds that took."""
        began = time.monotonic()
        missing = level - int(self.database.value("SELECT count(*) FROM payment_links"))
        if missing > PART:
            self.database.run("CALL bench.drop_indexes()")
        parts = [min(PART, missing - start) for start in range(0, missing, PART)]
        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(lambda part: self.fill_part(part, payees), parts))
        self.database.run("CALL bench.make_indexes()")
        self.database.run("VACUUM (ANALYZE) payment_links; VACUUM (ANALYZE) events; CHECKPOINT")
        return time.monotonic() - began

    def fill_part(self, count, payees):
        self.database.run(
            f"SELECT count(*) FROM bench.make_links('{self.organization}', '{{{','.join(payees)}}}', {count}, "
            f"{AMOUNT}, NULL)"
        )

    def draw(self, count):
        """Slugs of claimable links from anywhere in the table."""
        path = self.new_file("slugs")
        return self.database.save(
            f"SELECT slug FROM payment_links WHERE status = 'ACTIVE' ORDER BY random() LIMIT {count}", path
        )

    def new_file(self, label):
        self.files += 1
        return os.path.join(self.system.home, f"{label}-{self.files}.txt")

    def save_wallet_ids(self, wallets):
        """Writes wallets as the API spells them, one a line."""
        path = self.new_file("wallets")
        with open(path, "w") as file:
            file.writelines(identifier("wal", wallet) + "\n" for wallet in wallets)
        return path
