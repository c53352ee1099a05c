import PaymentLinks
import Postgres

/// Binds callers' keys to what answers them, in the transaction that does the work.
enum IdempotencyStatements {
    struct Binding: Sendable {
        let reference: IdempotencyReference
        /// What the first request made or was refused as: a claim, a link, a wallet, a transaction.
        let subject: ULID
        /// The first answer, as JSON text, where the subject alone does not tell it.
        var response: String?
    }

    /// The key is unique: of two transactions with one key the later fails, and finds the first when it tries again.
    ///
    /// Keys are written in their order, so that two transactions with the same keys wait for one another but never
    /// deadlock.
    static func insert(_ bindings: [Binding], at now: Timestamp) -> [Query] {
        guard !bindings.isEmpty else { return [] }
        let bindings = bindings.sorted { $0.reference.key.bytes.lexicographicallyPrecedes($1.reference.key.bytes) }
        return [
            Query(
                insert,
                [
                    bindings.byteStrings(\.reference.key.bytes), bindings.byteStrings(\.reference.request.bytes),
                    .uuids(bindings.map(\.subject.bits)), bindings.jsonbs(\.response), .time(now),
                ])
        ]
    }

    private static let insert = Statement(
        "idempotency_insert",
        """
        INSERT INTO idempotency_keys (key, request_digest, subject_id, response, created_at)
        SELECT key, request_digest, subject_id, response, $5::timestamptz
        FROM unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::jsonb[])
            AS binding (key, request_digest, subject_id, response)
        """)
}

extension IdempotencyStatements {
    /// What an earlier request under the same key left behind.
    struct Earlier: Sendable {
        let subject: ULID
        let response: String?
        let createdAt: Timestamp
    }

    /// Finds the key's first request; without a key it finds nothing.
    static func select(_ reference: IdempotencyReference?) -> Query {
        Query(select, [.bytes(reference?.key.bytes)])
    }

    /// Reads the answer of `select`: the earlier request if it had the same body, `nil` when there was none.
    static func earlier(in result: ResultSet, of reference: IdempotencyReference?) throws -> Keyed<Earlier>? {
        guard let reference, let row = result.rows.first else { return nil }
        guard try row.digest(0) == reference.request else { return .keyReused }
        return .replayed(
            Earlier(
                subject: ULID(bits: try row.uuid(1)), response: try row.jsonbIfPresent(2), createdAt: try row.time(3)))
    }

    private static let select = Statement(
        "idempotency_select",
        "SELECT request_digest, subject_id, response, created_at FROM idempotency_keys WHERE key = $1")
}

extension Keyed {
    /// The same answer about another value.
    func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Keyed<Other> {
        switch self {
        case .made(let value): .made(try transform(value))
        case .replayed(let value): .replayed(try transform(value))
        case .keyReused: .keyReused
        }
    }
}
