import PaymentLinks
import Postgres

/// Writes attempts and what they mean for their deliveries.
enum AttemptStatements {
    static func write(_ attempts: [AttemptRecord]) -> [Query] { [insert(attempts), update(attempts)] }

    private static func insert(_ attempts: [AttemptRecord]) -> Query {
        Query(
            insertAttempts,
            [
                attempts.uuids(\.deliveryId), attempts.times(\.attemptedAt),
                attempts.int64s { $0.statusCode.map(Int64.init) }, attempts.texts(\.error),
                attempts.int64s { $0.duration.wholeMicroseconds / 1000 }, attempts.texts(\.responseExcerpt),
            ])
    }

    private static func update(_ attempts: [AttemptRecord]) -> Query {
        Query(
            updateDeliveries,
            [
                attempts.uuids(\.deliveryId), attempts.int64s { Int64($0.attemptsBefore) },
                attempts.texts(\.verdict.status), attempts.int64s { $0.verdict.pause?.wholeMicroseconds },
            ])
    }

    /// A delivery that was attempted twice at the same microsecond by two workers keeps one of the two.
    private static let insertAttempts = Statement(
        "attempt_insert",
        """
        INSERT INTO webhook_attempts
            (delivery_id, attempted_at, status_code, error, duration_ms, response_excerpt)
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
        ON CONFLICT DO NOTHING
        """)

    /// The rows are locked in id order; those that another has decided meanwhile stay as they are.
    private static let updateDeliveries = Statement(
        "attempt_update_deliveries",
        """
        WITH result AS (
            SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[])
                AS result (id, attempts_before, status, pause)
        ), locked AS (
            SELECT id FROM webhook_deliveries
            WHERE id = ANY($1::uuid[]) AND status = 'PENDING'
            ORDER BY id
            FOR NO KEY UPDATE
        )
        UPDATE webhook_deliveries
        SET status = result.status,
            attempts = webhook_deliveries.attempts + 1,
            next_attempt_at = CASE WHEN result.status = 'PENDING'
                THEN clock_timestamp() + result.pause * interval '1 microsecond' END,
            finished_at = CASE WHEN result.status <> 'PENDING' THEN clock_timestamp() END
        FROM result JOIN locked ON locked.id = result.id
        WHERE webhook_deliveries.id = result.id AND webhook_deliveries.status = 'PENDING'
            AND webhook_deliveries.attempts = result.attempts_before
        """)
}

/// What a batch of attempts says about its endpoints.
///
/// What was sent to an address says nothing of an endpoint that has moved to another meanwhile: it changes nothing.
struct EndpointHealth {
    /// An endpoint at the address that was attempted.
    private struct Endpoint: Hashable {
        let id: WebhookID
        let url: String

        init(_ attempt: AttemptRecord) {
            id = attempt.webhookId
            url = attempt.url
        }
    }

    private let recovered: [Endpoint]
    private let failing: [Endpoint]
    /// Those that are failing or gone, and whether each is gone.
    private let doubtful: [(endpoint: Endpoint, isGone: Bool)]

    /// An endpoint that took one delivery of the batch is well, whatever became of the others.
    init(_ attempts: [AttemptRecord]) {
        let attempts = attempts.filter { !$0.isTest }
        let well = Set(attempts.filter { $0.verdict == .delivered }.map(Endpoint.init))
        let failing = Set(attempts.map(Endpoint.init)).subtracting(well)
        let gone = Set(attempts.filter(\.isGone).map(Endpoint.init))
        recovered = Array(well)
        self.failing = Array(failing)
        doubtful = failing.union(gone).map { ($0, gone.contains($0)) }
    }

    /// Whether some endpoint of the batch may be one to disable.
    var canDisable: Bool { !doubtful.isEmpty }

    /// Only endpoints whose state changes are written, so that healthy ones cost nothing.
    var queries: [Query] {
        var queries: [Query] = []
        if !recovered.isEmpty {
            queries.append(Query(Self.updateRecovered, [recovered.uuids(\.id), recovered.texts(\.url)]))
        }
        if !failing.isEmpty {
            queries.append(Query(Self.updateFailing, [failing.uuids(\.id), failing.texts(\.url)]))
        }
        return queries
    }

    func disable(patience: Duration) -> Query {
        Query(
            Self.disable,
            [
                doubtful.uuids { $0.endpoint.id }, doubtful.texts { $0.endpoint.url },
                .bools(doubtful.map { $0.isGone }),
                .int64(patience.wholeMicroseconds),
            ])
    }

    private static let updateRecovered = Statement(
        "health_recovered",
        """
        WITH locked AS (
            SELECT webhooks.id
            FROM unnest($1::uuid[], $2::text[]) AS attempted (id, url)
            JOIN webhooks ON webhooks.id = attempted.id AND webhooks.url = attempted.url
            WHERE failing_since IS NOT NULL OR succeeded_at IS NULL
            ORDER BY webhooks.id
            FOR NO KEY UPDATE OF webhooks
        )
        UPDATE webhooks
        SET failing_since = NULL, succeeded_at = coalesce(succeeded_at, clock_timestamp())
        FROM locked
        WHERE webhooks.id = locked.id
        """)

    private static let updateFailing = Statement(
        "health_failing",
        """
        WITH locked AS (
            SELECT webhooks.id
            FROM unnest($1::uuid[], $2::text[]) AS attempted (id, url)
            JOIN webhooks ON webhooks.id = attempted.id AND webhooks.url = attempted.url
            WHERE failing_since IS NULL
            ORDER BY webhooks.id
            FOR NO KEY UPDATE OF webhooks
        )
        UPDATE webhooks SET failing_since = clock_timestamp() FROM locked WHERE webhooks.id = locked.id
        """)

    private static let disable = Statement(
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
            FOR NO KEY UPDATE OF webhooks
        )
        UPDATE webhooks
        SET enabled = false,
            disabled_reason = CASE WHEN is_gone THEN 'GONE' ELSE 'FAILING' END,
            updated_at = clock_timestamp()
        FROM locked
        WHERE webhooks.id = locked.id
        RETURNING webhooks.id, organization_id, environment, url, disabled_reason
        """)
}

extension AttemptRecord.Verdict {
    fileprivate var status: String {
        switch self {
        case .delivered: "DELIVERED"
        case .retry: "PENDING"
        case .failed: "FAILED"
        }
    }

    fileprivate var pause: Duration? {
        if case .retry(let pause) = self { pause } else { nil }
    }
}
