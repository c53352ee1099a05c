extension Migration {
    /// Idempotency, the results of jobs, events and the outbox.
    static let messaging = Migration(
        number: 2, name: "messaging", locking: "creates new tables only; locks nothing that exists",
        statements: [
            """
            CREATE TABLE idempotency_keys (
                key bytea PRIMARY KEY CHECK (length(key) = 32),
                request_digest bytea NOT NULL CHECK (length(request_digest) = 32),
                subject_id uuid NOT NULL,
                response jsonb,
                created_at timestamptz NOT NULL
            )
            """,
            "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)",
            """
            CREATE TABLE job_results (
                job_id uuid PRIMARY KEY,
                answered_by uuid,
                organization_id uuid,
                slug text COLLATE "C",
                refusal jsonb,
                created_at timestamptz NOT NULL,
                CONSTRAINT job_results_answer CHECK ((answered_by IS NULL) = (refusal IS NOT NULL)),
                CONSTRAINT job_results_scope CHECK ((organization_id IS NULL) <> (slug IS NULL))
            )
            """,
            "CREATE INDEX job_results_by_age ON job_results (created_at)",
            """
            CREATE TABLE events (
                id uuid PRIMARY KEY,
                organization_id uuid NOT NULL,
                environment text NOT NULL CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
                type text NOT NULL,
                link_id uuid,
                body text NOT NULL,
                created_at timestamptz NOT NULL
            )
            """,
            "CREATE INDEX events_by_organization ON events (organization_id, environment, id)",
            """
            CREATE TABLE outbox (
                id uuid PRIMARY KEY,
                topic text NOT NULL,
                body text,
                created_at timestamptz NOT NULL
            ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)
            """,
            """
            CREATE INDEX outbox_settlements_by_age ON outbox (topic, created_at)
                WHERE topic LIKE 'settlement.%'
            """,
            """
            CREATE INDEX outbox_events_by_age ON outbox (created_at)
                WHERE topic NOT LIKE 'settlement.%'
            """,
        ])
}
