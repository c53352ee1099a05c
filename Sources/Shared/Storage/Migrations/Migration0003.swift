extension Migration {
    /// Webhook endpoints, the deliveries to them, and every attempt.
    static let webhooks = Migration(
        number: 3, name: "webhooks", locking: "creates new tables only; locks nothing that exists",
        statements: [
            """
            CREATE TABLE webhooks (
                id uuid PRIMARY KEY,
                organization_id uuid NOT NULL,
                environment text NOT NULL CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
                url text NOT NULL,
                description text,
                events text[] NOT NULL CHECK (cardinality(events) > 0),
                enabled boolean NOT NULL,
                disabled_reason text,
                secret bytea NOT NULL,
                previous_secret bytea,
                previous_secret_until timestamptz,
                succeeded_at timestamptz,
                failing_since timestamptz,
                created_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL,
                deleted_at timestamptz,
                CONSTRAINT webhooks_previous_secret CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL)),
                CONSTRAINT webhooks_disabled_reason CHECK (disabled_reason IS NULL OR NOT enabled)
            ) WITH (fillfactor = 80)
            """,
            """
            CREATE INDEX webhooks_by_organization ON webhooks (organization_id, environment, id)
                WHERE deleted_at IS NULL
            """,
            """
            CREATE TABLE webhook_deliveries (
                id uuid PRIMARY KEY,
                webhook_id uuid NOT NULL,
                event_id uuid NOT NULL,
                event_type text NOT NULL,
                body text,
                status text NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED', 'DISCARDED')),
                attempts bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                next_attempt_at timestamptz,
                created_at timestamptz NOT NULL,
                finished_at timestamptz,
                CONSTRAINT webhook_deliveries_once UNIQUE (webhook_id, event_id),
                CONSTRAINT webhook_deliveries_pending CHECK (
                    (status = 'PENDING') = (next_attempt_at IS NOT NULL)
                    AND (status = 'PENDING') = (finished_at IS NULL)
                )
            ) WITH (fillfactor = 80)
            """,
            """
            CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at)
                WHERE status = 'PENDING'
            """,
            """
            CREATE INDEX webhook_deliveries_tests ON webhook_deliveries (next_attempt_at)
                WHERE status = 'PENDING' AND body IS NOT NULL
            """,
            "CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id)",
            """
            CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (webhook_id, id)
                WHERE status = 'FAILED'
            """,
            """
            CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at)
                WHERE status <> 'PENDING'
            """,
            """
            CREATE TABLE webhook_attempts (
                delivery_id uuid NOT NULL,
                attempted_at timestamptz NOT NULL,
                status_code bigint,
                error text,
                duration_ms bigint NOT NULL CHECK (duration_ms >= 0),
                response_excerpt text CHECK (length(response_excerpt) <= 1024),
                PRIMARY KEY (delivery_id, attempted_at)
            )
            """,
        ])
}
