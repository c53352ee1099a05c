import Postgres

/// Writes what attempts say about endpoints. Locked rows of others are stepped over, and only endpoints whose state
/// changes are written.
enum HealthStatements {
    /// The time of an endpoint's last success is a second too old at most, so that a busy endpoint is not written for
    /// every batch.
    private static let recovered = """
        FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::boolean[]) AS attempted (id, url, age, is_real)
        JOIN webhooks ON webhooks.id = attempted.id AND webhooks.url = attempted.url
        WHERE (
            backoff_until IS NOT NULL
            OR is_real AND (
                failing_since IS NOT NULL OR succeeded_at IS NULL
                OR succeeded_at < clock_timestamp() - age * interval '1 microsecond' - interval '1 second'
            )
        )
        """

    /// A success ends a back-off; one that is no test also ends the count of days without any.
    static let recover = Statement(
        "health_recover",
        """
        WITH locked AS MATERIALIZED (
            SELECT webhooks.id, clock_timestamp() - age * interval '1 microsecond' AS started_at, is_real
            \(recovered)
            ORDER BY webhooks.id
            FOR NO KEY UPDATE OF webhooks SKIP LOCKED
        ), updated AS (
            UPDATE webhooks
            SET failing_since = CASE WHEN is_real THEN NULL ELSE failing_since END,
                succeeded_at = CASE WHEN is_real THEN greatest(succeeded_at, started_at) ELSE succeeded_at END,
                backoff_until = NULL, backoff_reason = NULL,
                recoveries = recoveries
                    + CASE WHEN backoff_until IS NOT NULL OR is_real AND failing_since IS NOT NULL THEN 1 ELSE 0 END
            FROM locked
            WHERE webhooks.id = locked.id
        )
        SELECT webhooks.id \(recovered) AND NOT EXISTS (SELECT FROM locked WHERE locked.id = webhooks.id)
        """)

    /// A failure of an attempt that began before the endpoint's last success says nothing about the endpoint now.
    static let fail = Statement(
        "health_fail",
        """
        WITH locked AS (
            SELECT webhooks.id, backoff, reason
            FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
                AS attempted (id, url, age, backoff, reason)
            JOIN webhooks ON webhooks.id = attempted.id AND webhooks.url = attempted.url
            WHERE (failing_since IS NULL OR backoff IS NOT NULL)
                AND (succeeded_at IS NULL OR succeeded_at < clock_timestamp() - age * interval '1 microsecond')
            ORDER BY webhooks.id
            FOR NO KEY UPDATE OF webhooks SKIP LOCKED
        )
        UPDATE webhooks
        SET failing_since = coalesce(failing_since, clock_timestamp()),
            backoff_until = CASE WHEN backoff IS NULL THEN backoff_until
                ELSE greatest(backoff_until, clock_timestamp() + backoff * interval '1 microsecond') END,
            backoff_reason = CASE WHEN backoff IS NULL THEN backoff_reason ELSE reason END
        FROM locked
        WHERE webhooks.id = locked.id
        """)

    static let disable = Statement(
        "health_disable",
        """
        WITH locked AS (
            SELECT webhooks.id, is_gone
            FROM unnest($1::uuid[], $2::text[], $3::boolean[]) AS attempted (id, url, is_gone)
            JOIN webhooks ON webhooks.id = attempted.id AND webhooks.url = attempted.url
            WHERE enabled AND deleted_at IS NULL AND (
                is_gone OR failing_since < clock_timestamp() - $4::bigint * interval '1 microsecond'
            )
            ORDER BY webhooks.id
            FOR NO KEY UPDATE OF webhooks SKIP LOCKED
        )
        UPDATE webhooks
        SET enabled = false,
            disabled_reason = CASE WHEN is_gone THEN 'GONE' ELSE 'FAILING' END,
            backoff_until = NULL, backoff_reason = NULL,
            updated_at = clock_timestamp()
        FROM locked
        WHERE webhooks.id = locked.id
        RETURNING webhooks.id, organization_id, environment, url, disabled_reason
        """)
}
