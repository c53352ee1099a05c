-- The jobs of the settlement limit: wallet claims with every id that a worker would have minted, dealt into batches.
DROP TABLE IF EXISTS bench.jobs, bench.changes;

CREATE UNLOGGED TABLE bench.jobs AS
    SELECT (row_number() OVER () - 1) / :size AS batch, links.slug, links.id AS link_id, links.organization_id,
        links.wallet_id AS payee_wallet_id, payers.id AS payer_wallet_id, links.amount,
        bench.ulid(bench.milliseconds()) AS claim_id, bench.ulid(bench.milliseconds()) AS transaction_id,
        bench.ulid(bench.milliseconds()) AS debit_id, bench.ulid(bench.milliseconds()) AS credit_id,
        bench.ulid(bench.milliseconds()) AS event_id, sha256(links.slug::bytea) AS digest
    FROM (
        SELECT *, row_number() OVER () AS number FROM payment_links
        WHERE status = 'ACTIVE' AND wallet_id = ANY(:'payees'::uuid[])
        LIMIT :wanted
    ) AS links
    JOIN (
        SELECT id, row_number() OVER () - 1 AS number FROM unnest(:'payers'::uuid[]) AS id
    ) AS payers ON payers.number = links.number * 7919 % :payer_count;
CREATE INDEX ON bench.jobs (batch);

CREATE UNLOGGED TABLE bench.changes AS
    SELECT batch, wallet_id, sum(change)::bigint AS change
    FROM (
        SELECT batch, payer_wallet_id AS wallet_id, -amount AS change FROM bench.jobs
        UNION ALL SELECT batch, payee_wallet_id, amount FROM bench.jobs
    ) AS changes
    GROUP BY batch, wallet_id;
CREATE INDEX ON bench.changes (batch);
ANALYZE bench.jobs;
ANALYZE bench.changes;
