-- What a claim worker's transaction does for one batch of wallet claims: the same reads, locks, rows and guards, in the
-- same two round trips. Its input comes from a table instead of arrays.
\set turn :turn + 1
\set batch (:turn - 1) * :clients + :client_id
\set earlier :batch - :clients
\startpipeline
BEGIN;
SELECT links.id, links.organization_id, links.environment, links.wallet_id, links.slug, links.amount, links.currency,
    links.status, links.restrictions, links.expires_at, links.claim_id, links.claimed_at, links.metadata,
    organizations.display_name
FROM payment_links AS links JOIN organizations ON organizations.id = links.organization_id
WHERE links.slug = ANY(ARRAY(SELECT slug FROM bench.jobs WHERE batch = :batch))
ORDER BY links.id
FOR NO KEY UPDATE OF links;
SELECT key, request_digest, subject_id FROM idempotency_keys WHERE key = ANY('{}'::bytea[]);
SELECT job_id, answered_by FROM job_results
WHERE job_id = ANY(ARRAY(SELECT claim_id FROM bench.jobs WHERE batch = :batch)) AND answered_by IS NOT NULL;
SELECT id, slug, link_id, method, status, request_digest, refusal FROM claims
WHERE id = ANY(
    ARRAY(SELECT claim_id FROM bench.jobs WHERE batch = :batch)
    || ARRAY(SELECT subject_id FROM idempotency_keys WHERE key = ANY('{}'::bytea[]))
    || ARRAY(
        SELECT answered_by FROM job_results
        WHERE job_id = ANY(ARRAY(SELECT claim_id FROM bench.jobs WHERE batch = :batch)) AND answered_by IS NOT NULL
    )
);
SELECT id, organization_id, environment, currency, status, allow_public_claims, available, pending, debt
FROM wallets
WHERE id = ANY(
    ARRAY(SELECT payer_wallet_id FROM bench.jobs WHERE batch = :batch)
    || ARRAY(
        SELECT wallet_id FROM payment_links
        WHERE slug = ANY(ARRAY(SELECT slug FROM bench.jobs WHERE batch = :batch))
    )
);
SELECT clock_timestamp();
\endpipeline
\startpipeline
DELETE FROM outbox
WHERE id IN (
    SELECT id FROM outbox
    WHERE id = ANY(ARRAY(SELECT event_id FROM bench.jobs WHERE batch = :earlier))
    FOR UPDATE SKIP LOCKED
);
WITH claimed AS (
    UPDATE payment_links
    SET status = 'CLAIMED', claim_id = won.claim_id, claimed_at = now(), updated_at = now()
    FROM (SELECT link_id, claim_id FROM bench.jobs WHERE batch = :batch) AS won
    WHERE payment_links.id = won.link_id AND payment_links.status = 'ACTIVE'
    RETURNING 1
)
SELECT require_rows((SELECT count(*) FROM claimed), :size::bigint, 'only_active_links_are_claimed');
INSERT INTO claims (
    id, link_id, slug, organization_id, environment, method, status, transaction_id, payee_wallet_id, payer_wallet_id,
    amount, currency, request_digest, created_at, settled_at
)
SELECT claim_id, link_id, slug, organization_id, 'SANDBOX', 'wallet', 'SETTLED', transaction_id, payee_wallet_id,
    payer_wallet_id, amount, 'USD', digest, now(), now()
FROM bench.jobs WHERE batch = :batch
ORDER BY claim_id;
INSERT INTO transactions
    (id, organization_id, environment, kind, status, claim_id, amount, currency, created_at, updated_at)
SELECT transaction_id, organization_id, 'SANDBOX', 'CLAIM', 'POSTED', claim_id, amount, 'USD', now(), now()
FROM bench.jobs WHERE batch = :batch;
INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at)
SELECT event_id, organization_id, 'SANDBOX', 'payment_link.claimed', link_id, repeat('x', :body_length), now()
FROM bench.jobs WHERE batch = :batch;
INSERT INTO outbox (id, topic, part_ids, created_at)
SELECT event_ids[1], 'payment_link.claimed', event_ids, now()
FROM (SELECT array_agg(event_id ORDER BY event_id) AS event_ids FROM bench.jobs WHERE batch = :batch) AS told;
SELECT count(*)
FROM (
    SELECT 1 FROM wallets
    WHERE id = ANY(ARRAY(SELECT wallet_id FROM bench.changes WHERE batch = :batch))
    ORDER BY id
    FOR NO KEY UPDATE
) AS locked;
WITH clock AS MATERIALIZED (
    SELECT greatest(now(), clock_timestamp()) AS now
), prefix AS MATERIALIZED (
    SELECT now, lpad(to_hex(floor(extract(epoch FROM now) * 1000)::bigint), 12, '0') AS text FROM clock
)
INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
SELECT (prefix.text || substr(id::text, 15))::uuid, transaction_id, 'CLAIM', line, 'WALLET', wallet_id, amount, 'USD',
    prefix.now
FROM (
    SELECT debit_id AS id, transaction_id, 0 AS line, payer_wallet_id AS wallet_id, -amount AS amount
    FROM bench.jobs WHERE batch = :batch
    UNION ALL
    SELECT credit_id, transaction_id, 1, payee_wallet_id, amount
    FROM bench.jobs WHERE batch = :batch
) AS entry CROSS JOIN prefix;
WITH changed AS (
    UPDATE wallets
    SET available = wallets.available + change.change, updated_at = greatest(wallets.updated_at, now())
    FROM (
        SELECT wallet_id, change, CASE WHEN change < 0 THEN -change END AS demanded, false AS is_public
        FROM bench.changes WHERE batch = :batch
    ) AS change
    WHERE wallets.id = change.wallet_id
        AND wallets.available <= 9223372036854775807 - wallets.pending - greatest(change.change, 0)
        AND (
            change.demanded IS NULL
            OR wallets.available >= change.demanded AND wallets.status = 'ACTIVE'
                AND (wallets.allow_public_claims OR NOT change.is_public)
        )
    RETURNING 1
)
SELECT require_rows(
    (SELECT count(*) FROM changed), (SELECT count(*) FROM bench.changes WHERE batch = :batch),
    'wallets_allow_what_was_decided');
COMMIT;
\endpipeline
