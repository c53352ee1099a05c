-- What the preparation of links and wallets is made of; a schema of its own, so that the product's stays as it is.
CREATE SCHEMA bench;

-- An id as the product mints them: 48 bits of milliseconds, 80 random bits.
CREATE FUNCTION bench.ulid(milliseconds bigint) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex(milliseconds), 12, '0') || right(replace(gen_random_uuid()::text, '-', ''), 20))::uuid
$$;

CREATE FUNCTION bench.milliseconds() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

-- The gateways' digest key, as the two blocks that HMAC-SHA-256 begins its hashes with. (RFC 2104)
CREATE TABLE bench.digest_key (inner_block bytea NOT NULL, outer_block bytea NOT NULL);

-- A slug as gateways make it: 20 random characters, here hexadecimal digits, and a mark. The mark is 30 bits of a MAC,
-- as 6 characters, the lowest bits first.
CREATE FUNCTION bench.slug() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    slug text := right(replace(gen_random_uuid()::text, '-', ''), 20);
    key bench.digest_key;
    bits bigint;
BEGIN
    SELECT * INTO key FROM bench.digest_key;
    bits := ('x' || left(encode(
        sha256(key.outer_block || sha256(key.inner_block || ('slug:' || slug)::bytea)), 'hex'), 8))::bit(32)::bigint >> 2;
    FOR place IN 0..5 LOOP
        slug := slug || substr('0123456789abcdefghjkmnpqrstvwxyz', ((bits >> 5 * place) & 31)::int + 1, 1);
    END LOOP;
    RETURN slug;
END
$$;

-- Wallets with sandbox money, with the transaction and the entries that say where it came from.
CREATE FUNCTION bench.make_wallets(owner uuid, wanted int, label text, funds bigint)
RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
        SELECT bench.ulid(bench.milliseconds()) AS id, bench.ulid(bench.milliseconds()) AS transaction_id
        FROM generate_series(1, wanted);
    INSERT INTO wallets
        (id, organization_id, environment, name, currency, available, created_at, updated_at)
        SELECT id, owner, 'SANDBOX', label, 'USD', funds, now(), now() FROM made;
    IF funds > 0 THEN
        INSERT INTO transactions
            (id, organization_id, environment, kind, status, amount, currency, created_at, updated_at)
            SELECT transaction_id, owner, 'SANDBOX', 'FUNDING', 'POSTED', funds, 'USD', now(), now() FROM made;
        INSERT INTO entries
            (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
            SELECT bench.ulid(bench.milliseconds()), transaction_id, 'FUND', 0, 'SANDBOX_FUNDING', NULL, -funds, 'USD',
                now()
            FROM made
            UNION ALL
            SELECT bench.ulid(bench.milliseconds()), transaction_id, 'FUND', 1, 'WALLET', id, funds, 'USD', now()
            FROM made;
    END IF;
    RETURN QUERY SELECT id FROM made;
END
$$;

-- Links, dealt to the payees in turn, each with the event that says it was created; if they are due, then at even
-- distances within `spread_milliseconds` from that moment on.
CREATE FUNCTION bench.make_links(
    owner uuid, payees uuid[], wanted int, cents bigint, due timestamptz, spread_milliseconds bigint DEFAULT 0
)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    began bigint := bench.milliseconds() - wanted / 20;
BEGIN
    RETURN QUERY
    WITH made AS (
        INSERT INTO payment_links (
            id, organization_id, environment, wallet_id, slug, amount, currency, description, expires_at, metadata,
            request_digest, created_at, updated_at
        )
        SELECT bench.ulid(began + number / 20), owner, 'SANDBOX', payees[1 + number % cardinality(payees)],
            bench.slug(), cents, 'USD', 'Bench',
            due + number * spread_milliseconds / wanted * interval '1 millisecond', '{}', sha256(number::text::bytea),
            now(), now()
        FROM generate_series(1, wanted) AS number
        RETURNING id, slug, wallet_id
    ), told AS (
        INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at)
        SELECT bench.ulid(bench.milliseconds()), owner, 'SANDBOX', 'payment_link.created', made.id,
            json_build_object('event', 'payment_link.created', 'data', json_build_object(
                'linkId', made.id, 'slug', made.slug, 'walletId', made.wallet_id, 'amount', cents, 'currency', 'USD',
                'status', 'ACTIVE', 'metadata', json_build_object()))::text, now()
        FROM made
    )
    SELECT slug FROM made;
END
$$;

-- Millions of links are made without the indexes that hold up single ones, which are then made anew as they were.
CREATE TABLE bench.dropped_indexes (definition text NOT NULL);

CREATE PROCEDURE bench.drop_indexes() LANGUAGE plpgsql AS $$
DECLARE
    index record;
BEGIN
    FOR index IN
        SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
        FROM pg_index
        WHERE indrelid IN ('payment_links'::regclass, 'events'::regclass)
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    LOOP
        INSERT INTO bench.dropped_indexes VALUES (index.definition);
        EXECUTE format('DROP INDEX %s', index.name);
    END LOOP;
END
$$;

CREATE PROCEDURE bench.make_indexes() LANGUAGE plpgsql AS $$
DECLARE
    dropped record;
BEGIN
    SET LOCAL maintenance_work_mem = '1GB';
    FOR dropped IN DELETE FROM bench.dropped_indexes RETURNING definition LOOP
        EXECUTE dropped.definition;
    END LOOP;
END
$$;
