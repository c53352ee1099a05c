import PaymentLinks
import Postgres

/// Binds callers' keys to what answers them, in the transaction that does the work.
enum IdempotencyStatements {
    struct Binding: Sendable {
        let reference: IdempotencyReference
        /// What the first request made or was refused as: a claim, a link, a wallet, a transaction.
        let subject: UInt128
        /// The first answer, as JSON text, where the subject alone does not tell it.
        var response: String?
    }

    /// The key is unique: of two transactions with one key the later fails, and finds the first when it tries again.
    static func insert(_ bindings: [Binding], at now: Timestamp) -> [Query] {
        guard !bindings.isEmpty else { return [] }
        return [
            Query(
                insert,
                [
                    bindings.byteStrings(\.reference.key.bytes), bindings.byteStrings(\.reference.request.bytes),
                    .uuids(bindings.map(\.subject)), bindings.jsonbs(\.response), .time(now),
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
