"""A claim's transaction: the same rows, guards and locks as the product's, for one claim."""
import hashlib
import json
import uuid

from psycopg import Connection

from .identifiers import mint, spell


class Refused(Exception):
    """The claim cannot be had; the code is what the payer is told."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def settle(connection: Connection, slug: str, claim_id: uuid.UUID, payer_id: uuid.UUID) -> dict:
    """Moves the link's amount from the payer's wallet to the payee's, or raises Refused."""
    with connection.transaction(), connection.cursor() as cursor:
        link = lock_link(cursor, slug)
        lock_wallets(cursor, payer_id, link)
        transaction_id = mint()
        claim_link(cursor, link, claim_id)
        insert_claim(cursor, link, claim_id, transaction_id, payer_id)
        post(cursor, link, transaction_id, payer_id)
        record_event(cursor, link, claim_id, transaction_id)
    return {
        "claimId": spell("clm", claim_id), "transactionId": spell("txn", transaction_id), "slug": slug,
        "method": "wallet", "status": "SETTLED"}


def lock_link(cursor, slug):
    cursor.execute(
        "SELECT id, organization_id, environment, wallet_id, amount, currency, status, slug FROM payment_links "
        "WHERE slug = %s AND (expires_at IS NULL OR expires_at > clock_timestamp()) FOR NO KEY UPDATE", (slug,))
    link = cursor.fetchone()
    if link is None:
        raise Refused("PAYMENT_LINK_NOT_FOUND")
    if link.status != "ACTIVE":
        raise Refused("LINK_ALREADY_CLAIMED")
    return link


def lock_wallets(cursor, payer_id, link):
    """Both wallets in the order of their ids, so that no two claims can deadlock."""
    cursor.execute(
        "SELECT id, status, available FROM wallets WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        ([payer_id, link.wallet_id],))
    wallets = {wallet.id: wallet for wallet in cursor.fetchall()}
    payer = wallets.get(payer_id)
    if payer is None:
        raise Refused("WALLET_NOT_FOUND")
    if payer.status != "ACTIVE":
        raise Refused("WALLET_FROZEN")
    if payer.available < link.amount:
        raise Refused("INSUFFICIENT_FUNDS")


def claim_link(cursor, link, claim_id):
    cursor.execute(
        "UPDATE payment_links SET status = 'CLAIMED', claim_id = %s, claimed_at = now(), updated_at = now() "
        "WHERE id = %s AND status = 'ACTIVE'", (claim_id, link.id))
    if cursor.rowcount != 1:
        raise Refused("LINK_ALREADY_CLAIMED")


def insert_claim(cursor, link, claim_id, transaction_id, payer_id):
    digest = hashlib.sha256(f"{link.slug}|wallet|{payer_id}".encode()).digest()
    cursor.execute(
        "INSERT INTO claims (id, link_id, slug, organization_id, environment, method, status, transaction_id, "
        "payee_wallet_id, payer_wallet_id, amount, currency, request_digest, created_at, settled_at) "
        "VALUES (%s, %s, %s, %s, %s, 'wallet', 'SETTLED', %s, %s, %s, %s, %s, %s, now(), now())",
        (claim_id, link.id, link.slug, link.organization_id, link.environment, transaction_id, link.wallet_id, payer_id,
         link.amount, link.currency, digest))
    cursor.execute(
        "INSERT INTO transactions "
        "(id, organization_id, environment, kind, status, claim_id, amount, currency, created_at, updated_at) "
        "VALUES (%s, %s, %s, 'CLAIM', 'POSTED', %s, %s, %s, now(), now())",
        (transaction_id, link.organization_id, link.environment, claim_id, link.amount, link.currency))


def post(cursor, link, transaction_id, payer_id):
    """Two entries that sum to zero, and the balances that follow from them."""
    cursor.execute(
        "INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at) "
        "VALUES (%s, %s, 'CLAIM', 0, 'WALLET', %s, %s, %s, now()), (%s, %s, 'CLAIM', 1, 'WALLET', %s, %s, %s, now())",
        (mint(), transaction_id, payer_id, -link.amount, link.currency,
         mint(), transaction_id, link.wallet_id, link.amount, link.currency))
    cursor.execute(
        "UPDATE wallets SET available = available + change.amount, updated_at = now() "
        "FROM (VALUES (%s::uuid, %s::bigint), (%s, %s)) AS change (id, amount) WHERE wallets.id = change.id",
        (payer_id, -link.amount, link.wallet_id, link.amount))


def record_event(cursor, link, claim_id, transaction_id):
    event_id = mint()
    body = json.dumps({
        "id": spell("evt", event_id), "event": "payment_link.claimed",
        "organizationId": spell("org", link.organization_id),
        "data": {
            "linkId": spell("lnk", link.id), "slug": link.slug, "walletId": spell("wal", link.wallet_id),
            "amount": f"{link.amount // 100}.{link.amount % 100:02d}", "currency": link.currency, "status": "CLAIMED",
            "method": "wallet", "claimId": spell("clm", claim_id), "transactionId": spell("txn", transaction_id)}})
    cursor.execute(
        "INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at) "
        "VALUES (%s, %s, %s, 'payment_link.claimed', %s, %s, now())",
        (event_id, link.organization_id, link.environment, link.id, body))
    cursor.execute(
        "INSERT INTO outbox (id, topic, created_at) VALUES (%s, 'payment_link.claimed', now())", (event_id,))
