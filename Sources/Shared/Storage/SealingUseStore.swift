package import Postgres

/// How often one sealing key was used by one process since its last report.
package struct SealingUse: Sendable {
    package let fingerprint: String
    package let keyName: String
    package let uses: Int64

    package init(fingerprint: String, keyName: String, uses: Int64) {
        self.fingerprint = fingerprint
        self.keyName = keyName
        self.uses = uses
    }
}

/// Adds up how often each sealing key was used, over all processes and restarts.
package struct SealingUseStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Adds uses, and returns the key's total.
    package func add(_ use: SealingUse) async throws(StorageError) -> Int64 {
        let parameters: [PostgresValue] = [.text(use.fingerprint), .text(use.keyName), .int64(use.uses)]
        return try await StorageError.wrapping {
            try await pool.run([Query(Self.upsert, parameters)])[0].firstRow().int64(0)
        }
    }

    private static let upsert = Statement(
        "sealing_uses_add",
        """
        INSERT INTO sealing_uses (fingerprint, key_name, uses) VALUES ($1, $2, $3)
        ON CONFLICT (fingerprint) DO UPDATE SET uses = sealing_uses.uses + EXCLUDED.uses
        RETURNING uses
        """)
}
