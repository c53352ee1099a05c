import Postgres

extension DeliveryStore {
    static let selectPage = Statement(
        "delivery_select_page",
        """
        SELECT \(DeliveryRecord.columns)
        FROM webhook_deliveries AS delivery
        LEFT JOIN webhooks ON webhooks.id = delivery.webhook_id
        \(DeliveryRecord.joinLastAttempt)
        WHERE delivery.webhook_id = $1
            AND ($2::text IS NULL OR delivery.status = $2::text)
            AND delivery.id < $3
        ORDER BY delivery.id DESC
        LIMIT $4
        """)

    static let selectOne = Statement(
        "delivery_select_one",
        """
        SELECT \(DeliveryRecord.columns)
        FROM webhook_deliveries AS delivery
        LEFT JOIN webhooks ON webhooks.id = delivery.webhook_id
        \(DeliveryRecord.joinLastAttempt)
        WHERE delivery.id = $1 AND delivery.webhook_id = $2
        """)

    /// A higher lease number, so that an attempt that is under way does not count for the new start if it fails.
    static let redeliver = Statement(
        "delivery_redeliver",
        """
        UPDATE webhook_deliveries
        SET status = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(), finished_at = NULL,
            lease = lease + 1
        WHERE id = $1 AND webhook_id = $2
            AND (body IS NOT NULL OR EXISTS (SELECT FROM events WHERE events.id = event_id))
        RETURNING id
        """)

    /// Goes through the events by their ids, which are exact positions: `$3` is the last one sent before, and `$2` the
    /// least that an event of the first call may have.
    ///
    /// What is there already is locked in id order before anything is written, as for the recording of attempts.
    /// New rows get ids that are made as elsewhere: 48 bits of milliseconds, 80 random ones.
    static let replay = Statement(
        "delivery_replay",
        """
        WITH wanted AS (
            SELECT webhooks.id AS webhook_id, events.id AS event_id, events.type
            FROM webhooks
            JOIN events ON events.organization_id = webhooks.organization_id
                AND events.environment = webhooks.environment
                AND events.id >= $2 AND events.id > $3
                AND ('*' = ANY(webhooks.events) OR events.type = ANY(webhooks.events))
                AND \(WebhookOwner.sees("webhooks.wallet_scope"))
            WHERE webhooks.id = $1 AND webhooks.deleted_at IS NULL
            ORDER BY events.id
            LIMIT $4
        ), locked AS (
            SELECT delivery.id
            FROM wanted
            JOIN webhook_deliveries AS delivery ON delivery.webhook_id = wanted.webhook_id
                AND delivery.event_id = wanted.event_id
            ORDER BY delivery.id
            FOR NO KEY UPDATE OF delivery
        ), written AS (
            INSERT INTO webhook_deliveries (id, webhook_id, event_id, event_type, status, next_attempt_at, created_at)
            SELECT
                (
                    lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
                    || right(replace(gen_random_uuid()::text, '-', ''), 20)
                )::uuid,
                webhook_id, event_id, type, 'PENDING', clock_timestamp(), clock_timestamp()
            FROM (SELECT count(*) FROM locked) AS held, wanted
            ORDER BY event_id
            ON CONFLICT (webhook_id, event_id) DO UPDATE
            SET status = 'PENDING', attempts = 0, next_attempt_at = clock_timestamp(), finished_at = NULL,
                lease = webhook_deliveries.lease + 1
        )
        SELECT count(*), (SELECT event_id FROM wanted ORDER BY event_id DESC LIMIT 1) FROM wanted
        """)

    static let insertTest = Statement(
        "delivery_insert_test",
        """
        INSERT INTO webhook_deliveries
            (id, webhook_id, event_id, event_type, body, status, next_attempt_at, created_at)
        VALUES ($1, $2, $3, $4, $5, 'PENDING', clock_timestamp(), clock_timestamp())
        """)

    static let selectDead = Statement(
        "delivery_select_dead",
        """
        SELECT \(DeliveryRecord.columns), events.body
        FROM webhooks
        JOIN webhook_deliveries AS delivery ON delivery.webhook_id = webhooks.id
        \(DeliveryRecord.joinLastAttempt)
        LEFT JOIN events ON events.id = delivery.event_id
        WHERE webhooks.organization_id = $1 AND webhooks.environment = $2 AND webhooks.deleted_at IS NULL
            AND delivery.status = 'FAILED' AND delivery.body IS NULL AND delivery.id < $3
            AND \(WebhookOwner.covers("$6"))
        ORDER BY delivery.id DESC
        LIMIT $4 OFFSET $5
        """)

    static let retryDead = Statement(
        "delivery_retry_dead",
        """
        UPDATE webhook_deliveries
        SET status = 'PENDING', finished_at = NULL,
            attempts = CASE WHEN webhook_deliveries.status = 'FAILED' THEN 0 ELSE attempts END,
            lease = lease + CASE WHEN webhook_deliveries.status = 'FAILED' THEN 1 ELSE 0 END,
            next_attempt_at = coalesce(next_attempt_at, clock_timestamp())
        FROM webhooks
        WHERE webhooks.id = webhook_deliveries.webhook_id AND webhooks.deleted_at IS NULL
            AND webhooks.organization_id = $1 AND webhooks.environment = $2 AND \(WebhookOwner.covers("$4"))
            AND webhook_deliveries.id = $3 AND status IN ('FAILED', 'PENDING') AND webhook_deliveries.body IS NULL
            AND EXISTS (SELECT FROM events WHERE events.id = event_id)
        RETURNING webhook_deliveries.id
        """)

    static let discardDead = Statement(
        "delivery_discard_dead",
        """
        UPDATE webhook_deliveries
        SET status = 'DISCARDED'
        FROM webhooks
        WHERE webhooks.id = webhook_deliveries.webhook_id AND webhooks.deleted_at IS NULL
            AND webhooks.organization_id = $1 AND webhooks.environment = $2 AND \(WebhookOwner.covers("$4"))
            AND webhook_deliveries.id = $3 AND status IN ('FAILED', 'DISCARDED') AND body IS NULL
        RETURNING webhook_deliveries.id
        """)
}
