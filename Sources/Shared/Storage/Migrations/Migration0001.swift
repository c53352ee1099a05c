extension Migration {
    /// Organizations, keys, wallets, links, claims and the double-entry ledger.
    static let ledgerAndLinks = Migration(
        number: 1, name: "ledger and links", locking: "creates new tables only; locks nothing that exists",
        statements: [
            """
            CREATE FUNCTION require_rows(affected bigint, expected bigint, rule text) RETURNS bigint
            LANGUAGE plpgsql AS $$
            BEGIN
                IF affected <> expected THEN
                    RAISE EXCEPTION 'rule % met % rows where % were planned', rule, affected, expected
                        USING CONSTRAINT = rule;
                END IF;
                RETURN affected;
            END
            $$
            """,
            """
            CREATE TABLE organizations (
                id uuid PRIMARY KEY,
                name text NOT NULL CHECK (name <> ''),
                display_name text NOT NULL CHECK (display_name <> ''),
                created_at timestamptz NOT NULL
            )
            """,
            """
            CREATE TABLE api_keys (
                id uuid PRIMARY KEY,
                organization_id uuid NOT NULL REFERENCES organizations,
                environment text NOT NULL CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
                name text NOT NULL,
                key_prefix text NOT NULL,
                secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
                permissions text[] NOT NULL,
                wallet_scope uuid[],
                allowed_ips text[],
                expires_at timestamptz,
                revoked_at timestamptz,
                created_at timestamptz NOT NULL
            )
            """,
            "CREATE INDEX api_keys_by_organization ON api_keys (organization_id, id)",
            """
            CREATE TABLE wallets (
                id uuid PRIMARY KEY,
                organization_id uuid NOT NULL REFERENCES organizations,
                environment text NOT NULL CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
                name text NOT NULL,
                agent_name text,
                currency text NOT NULL CHECK (currency IN ('USD', 'USDC')),
                status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'FROZEN')),
                allow_public_claims boolean NOT NULL DEFAULT false,
                metadata jsonb NOT NULL DEFAULT '{}',
                available bigint NOT NULL DEFAULT 0,
                pending bigint NOT NULL DEFAULT 0,
                debt bigint NOT NULL DEFAULT 0,
                created_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL,
                CONSTRAINT wallets_available_not_negative CHECK (available >= 0),
                CONSTRAINT wallets_pending_not_negative CHECK (pending >= 0),
                CONSTRAINT wallets_debt_not_negative CHECK (debt >= 0)
            ) WITH (fillfactor = 50)
            """,
            "CREATE INDEX wallets_by_organization ON wallets (organization_id, environment, id)",
            """
            CREATE TABLE payment_links (
                id uuid PRIMARY KEY,
                organization_id uuid NOT NULL,
                environment text NOT NULL CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
                wallet_id uuid NOT NULL,
                slug text COLLATE "C" NOT NULL UNIQUE,
                amount bigint NOT NULL CHECK (amount > 0),
                currency text NOT NULL CHECK (currency IN ('USD', 'USDC')),
                description text,
                restrictions jsonb,
                metadata jsonb NOT NULL,
                status text NOT NULL DEFAULT 'ACTIVE'
                    CHECK (status IN ('ACTIVE', 'CLAIMED', 'CANCELLED', 'EXPIRED')),
                expires_at timestamptz,
                claim_id uuid,
                request_digest bytea NOT NULL,
                created_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL,
                claimed_at timestamptz,
                cancelled_at timestamptz,
                expired_at timestamptz,
                CONSTRAINT payment_links_claimed_by_a_claim
                    CHECK ((status = 'CLAIMED') = (claim_id IS NOT NULL) AND (status = 'CLAIMED') = (claimed_at IS NOT NULL)),
                CONSTRAINT payment_links_cancelled_at CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL)),
                CONSTRAINT payment_links_expired_at CHECK ((status = 'EXPIRED') = (expired_at IS NOT NULL)),
                CONSTRAINT payment_links_never_expire_early
                    CHECK (expired_at IS NULL OR (expires_at IS NOT NULL AND expired_at >= expires_at))
            ) WITH (fillfactor = 80)
            """,
            "CREATE INDEX payment_links_by_organization ON payment_links (organization_id, environment, id)",
            "CREATE INDEX payment_links_by_wallet ON payment_links (wallet_id, id)",
            """
            CREATE INDEX payment_links_due ON payment_links (expires_at)
                WHERE status = 'ACTIVE' AND expires_at IS NOT NULL
            """,
            """
            CREATE TABLE claims (
                id uuid PRIMARY KEY,
                link_id uuid,
                slug text COLLATE "C" NOT NULL,
                organization_id uuid,
                environment text CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
                method text NOT NULL CHECK (method IN ('ach', 'usdc', 'wallet')),
                status text NOT NULL CHECK (status IN ('PENDING', 'SETTLED', 'FAILED', 'REFUSED')),
                transaction_id uuid,
                payee_wallet_id uuid,
                payer_wallet_id uuid,
                amount bigint,
                currency text CHECK (currency IN ('USD', 'USDC')),
                sealed_destination bytea,
                chain text,
                deposit_address text,
                pay_before timestamptz,
                recipient_email text,
                request_digest bytea NOT NULL CHECK (length(request_digest) = 32),
                refusal jsonb,
                failure_code text,
                failure_reason text,
                rail_reference text,
                created_at timestamptz NOT NULL,
                submitted_at timestamptz,
                settled_at timestamptz,
                failed_at timestamptz,
                CONSTRAINT claims_refused_with_a_reason CHECK ((status = 'REFUSED') = (refusal IS NOT NULL)),
                CONSTRAINT claims_accepted_in_full CHECK (
                    status = 'REFUSED'
                    OR (link_id IS NOT NULL AND transaction_id IS NOT NULL AND amount IS NOT NULL AND currency IS NOT NULL)
                ),
                CONSTRAINT claims_failed_at CHECK ((status = 'FAILED') = (failed_at IS NOT NULL)),
                CONSTRAINT claims_settled_at CHECK (status <> 'SETTLED' OR settled_at IS NOT NULL)
            ) WITH (fillfactor = 80)
            """,
            """
            CREATE UNIQUE INDEX claims_one_winner ON claims (link_id)
                WHERE status IN ('PENDING', 'SETTLED')
            """,
            """
            CREATE INDEX claims_at_the_rails ON claims (payee_wallet_id, id)
                WHERE method <> 'wallet' AND status <> 'REFUSED'
            """,
            "CREATE INDEX claims_refused_by_age ON claims (created_at) WHERE status = 'REFUSED'",
            """
            CREATE TABLE transactions (
                id uuid PRIMARY KEY,
                organization_id uuid NOT NULL,
                environment text NOT NULL CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
                kind text NOT NULL CHECK (kind IN ('CLAIM', 'FUNDING')),
                status text NOT NULL CHECK (status IN ('PENDING', 'POSTED', 'FAILED', 'REVERSED')),
                claim_id uuid,
                amount bigint NOT NULL CHECK (amount > 0),
                currency text NOT NULL CHECK (currency IN ('USD', 'USDC')),
                created_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL,
                CONSTRAINT transactions_claim CHECK ((kind = 'CLAIM') = (claim_id IS NOT NULL))
            ) WITH (fillfactor = 80)
            """,
            """
            CREATE TABLE entries (
                id uuid NOT NULL,
                transaction_id uuid NOT NULL,
                step text NOT NULL CHECK (step IN ('CLAIM', 'SETTLE', 'FAIL', 'REVERSE', 'FUND')),
                line smallint NOT NULL,
                account text NOT NULL CHECK (account IN (
                    'WALLET', 'WALLET_PENDING', 'WALLET_DEBT', 'ACH_CLEARING', 'USDC_CLEARING', 'CONVERSION',
                    'SANDBOX_FUNDING'
                )),
                wallet_id uuid,
                amount bigint NOT NULL CHECK (amount <> 0),
                currency text NOT NULL CHECK (currency IN ('USD', 'USDC')),
                created_at timestamptz NOT NULL,
                PRIMARY KEY (transaction_id, step, line),
                CONSTRAINT entries_wallet_accounts_name_a_wallet
                    CHECK ((wallet_id IS NOT NULL) = (account IN ('WALLET', 'WALLET_PENDING', 'WALLET_DEBT')))
            )
            """,
            "CREATE INDEX entries_by_wallet ON entries (wallet_id, id) WHERE account = 'WALLET'",
            """
            CREATE FUNCTION entries_sum_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (
                    SELECT FROM inserted GROUP BY transaction_id, step, currency HAVING sum(amount) <> 0
                ) THEN
                    RAISE EXCEPTION 'the entries of a step do not sum to zero'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_sum_to_zero', TABLE = 'entries';
                END IF;
                RETURN NULL;
            END
            $$
            """,
            """
            CREATE TRIGGER entries_sum_to_zero AFTER INSERT ON entries
                REFERENCING NEW TABLE AS inserted
                FOR EACH STATEMENT EXECUTE FUNCTION entries_sum_to_zero()
            """,
            """
            CREATE FUNCTION entries_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'entries are never changed or removed; post a reversal instead'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_are_append_only', TABLE = 'entries';
            END
            $$
            """,
            """
            CREATE TRIGGER entries_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
                FOR EACH STATEMENT EXECUTE FUNCTION entries_are_append_only()
            """,
        ])
}
