"""A claim's transaction: the same rows, guards and locks as the product's, for one claim."""

import hashlib
import json
import uuid

from psycopg import Connection
from psycopg.errors import CheckViolation

from .identifiers import mint, spell


class Refused(Exception):
    """The claim cannot be had; the code is what the payer is told."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def settle(connection: Connection, slug: str, claim_id: uuid.UUID, payer_id: uuid.UUID) -> dict:
    """Moves the link's amount from the payer's wallet to the payee's, or raises Refused.

    Two round trips: the guard that decides who wins, then everything else in a pipeline. The wallets come last, so that
    a busy one is locked for no longer than the commit takes.
    """
    try:
        with connection.transaction(), connection.cursor() as cursor:
            link = claim_link(cursor, slug, claim_id)
            transaction_id = mint()
            with connection.pipeline():
                insert_claim(cursor, link, claim_id, transaction_id, payer_id)
                insert_entries(cursor, link, transaction_id, payer_id)
                record_event(cursor, link, claim_id, transaction_id)
                moved = move(connection, link, payer_id)
            if any(cursor.rowcount != 1 for cursor in moved):
                raise Refused("WALLET_FROZEN")
    except CheckViolation as violation:
        if violation.diag.constraint_name == "wallets_available_not_negative":
            raise Refused("INSUFFICIENT_FUNDS") from violation
        raise
    return {
        "claimId": spell("clm", claim_id),
        "transactionId": spell("txn", transaction_id),
        "slug": slug,
        "method": "wallet",
        "status": "SETTLED",
    }


def claim_link(cursor, slug, claim_id):
    """The guarded transition: of all claims of a link one finds it ACTIVE."""
    cursor.execute(
        "UPDATE payment_links SET status = 'CLAIMED', claim_id = %s, claimed_at = now(), updated_at = now() "
        "WHERE slug = %s AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > clock_timestamp()) "
        "RETURNING id, organization_id, environment, wallet_id, amount, currency, slug",
        (claim_id, slug),
    )
    link = cursor.fetchone()
    if link is not None:
        return link
    cursor.execute("SELECT status FROM payment_links WHERE slug = %s", (slug,))
    raise Refused("LINK_NOT_ACTIVE" if cursor.fetchone() else "PAYMENT_LINK_NOT_FOUND")


def move(connection, link, payer_id):
    """Both wallets in the order of their ids, so that no two claims can deadlock; a constraint guards the payer's.

    Returns the two cursors: each has moved one row, unless the payer is unknown or frozen.
    """
    changes = sorted([(payer_id, -link.amount), (link.wallet_id, link.amount)])
    return [
        connection.execute(
            "UPDATE wallets SET available = available + %(amount)s, updated_at = now() "
            "WHERE id = %(id)s AND (status = 'ACTIVE' OR %(amount)s > 0)",
            {"id": wallet_id, "amount": amount},
        )
        for wallet_id, amount in changes
    ]


def insert_claim(cursor, link, claim_id, transaction_id, payer_id):
    digest = hashlib.sha256(f"{link.slug}|wallet|{payer_id}".encode()).digest()
    cursor.execute(
        "INSERT INTO claims (id, link_id, slug, organization_id, environment, method, status, transaction_id, "
        "payee_wallet_id, payer_wallet_id, amount, currency, request_digest, created_at, settled_at) "
        "VALUES (%s, %s, %s, %s, %s, 'wallet', 'SETTLED', %s, %s, %s, %s, %s, %s, now(), now())",
        (
            claim_id,
            link.id,
            link.slug,
            link.organization_id,
            link.environment,
            transaction_id,
            link.wallet_id,
            payer_id,
            link.amount,
            link.currency,
            digest,
        ),
    )
    cursor.execute(
        "INSERT INTO transactions "
        "(id, organization_id, environment, kind, status, claim_id, amount, currency, created_at, updated_at) "
        "VALUES (%s, %s, %s, 'CLAIM', 'POSTED', %s, %s, %s, now(), now())",
        (transaction_id, link.organization_id, link.environment, claim_id, link.amount, link.currency),
    )


def insert_entries(cursor, link, transaction_id, payer_id):
    """Two entries that sum to zero."""
    cursor.execute(
        "INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at) "
        "VALUES (%s, %s, 'CLAIM', 0, 'WALLET', %s, %s, %s, now()), (%s, %s, 'CLAIM', 1, 'WALLET', %s, %s, %s, now())",
        (
            mint(),
            transaction_id,
            payer_id,
            -link.amount,
            link.currency,
            mint(),
            transaction_id,
            link.wallet_id,
            link.amount,
            link.currency,
        ),
    )


def record_event(cursor, link, claim_id, transaction_id):
    event_id = mint()
    body = json.dumps(
        {
            "id": spell("evt", event_id),
            "event": "payment_link.claimed",
            "organizationId": spell("org", link.organization_id),
            "data": {
                "linkId": spell("lnk", link.id),
                "slug": link.slug,
                "walletId": spell("wal", link.wallet_id),
                "amount": f"{link.amount // 100}.{link.amount % 100:02d}",
                "currency": link.currency,
                "status": "CLAIMED",
                "method": "wallet",
                "claimId": spell("clm", claim_id),
                "transactionId": spell("txn", transaction_id),
            },
        }
    )
    cursor.execute(
        "INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at) "
        "VALUES (%s, %s, %s, 'payment_link.claimed', %s, %s, now())",
        (event_id, link.organization_id, link.environment, link.id, body),
    )
    cursor.execute(
        "INSERT INTO outbox (id, topic, part_ids, created_at) VALUES (%s, 'payment_link.claimed', ARRAY[%s::uuid], now())",
        (event_id, event_id),
    )
