package import PaymentLinks
package import Postgres

/// Makes wallets, once for each idempotency key.
package struct WalletCreationStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Makes the wallet, or finds the one that the key's first request made.
    ///
    /// Of two requests with one key at the same time, the database makes the later wait and then refuses it: it finds
    /// the winner when it is tried again.
    package func create(
        _ creation: WalletCreation, idempotency: IdempotencyReference?
    ) async throws(StorageError) -> Keyed<WalletRecord> {
        try await StorageError.retryingUniqueViolation {
            try await pool.withTransaction { transaction in
                let results = try await transaction.run([
                    IdempotencyStatements.select(idempotency), Query(ClockStatement.now),
                ])
                if let earlier = try IdempotencyStatements.earlier(in: results[0], of: idempotency) {
                    _ = try await transaction.commit()
                    return earlier.map { creation.wallet(id: WalletID($0.subject), at: $0.createdAt) }
                }
                let now = try results[1].firstRow().time(0)
                let wallet = creation.wallet(id: .mint(at: now), at: now)
                _ = try await transaction.commit(Self.write(wallet, idempotency))
                return .made(wallet)
            }
        }
    }

    private static func write(_ wallet: WalletRecord, _ idempotency: IdempotencyReference?) -> [Query] {
        let insertion = Query(
            insert,
            [
                .id(wallet.id), .id(wallet.organizationId), .text(wallet.environment.rawValue), .text(wallet.name),
                .text(wallet.agentName), .text(wallet.currency.rawValue), .bool(wallet.allowsPublicClaims),
                .jsonb(wallet.metadataJSON), .time(wallet.createdAt),
            ])
        let bindings = idempotency.map { [IdempotencyStatements.Binding(reference: $0, subject: wallet.id.ulid)] }
        return [insertion] + IdempotencyStatements.insert(bindings ?? [], at: wallet.createdAt)
    }

    private static let insert = Statement(
        "wallets_insert",
        """
        INSERT INTO wallets (
            id, organization_id, environment, name, agent_name, currency, allow_public_claims, metadata, created_at,
            updated_at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        """)
}

extension WalletCreation {
    /// The wallet that this request makes, or made: all of it but its id and its time is the request's own.
    fileprivate func wallet(id: WalletID, at time: Timestamp) -> WalletRecord {
        WalletRecord(self, id: id, at: time)
    }
}
