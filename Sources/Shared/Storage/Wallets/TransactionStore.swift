package import PaymentLinks
package import Postgres

/// What identifies an entry of the ledger.
package enum EntryKind: IdentifierKind { package static let prefix = "ent_" }
package typealias EntryID = Identifier<EntryKind>

/// An entry as a wallet's owner reads it.
package struct EntryRecord: Sendable {
    package let id: EntryID
    package let transactionId: TransactionID
    package let step: LedgerStep
    /// The account's name, as in the `entries` table.
    package let account: String
    /// `nil` for accounts that are no wallet's, and for wallets of another organization.
    package let walletId: WalletID?
    /// Positive into the account, negative out of it.
    package let amount: Money
    package let createdAt: Timestamp
}

/// A transaction with its entries.
package struct TransactionRecord: Sendable {
    package enum Kind: String, Sendable {
        case claim = "CLAIM"
        case funding = "FUNDING"
        case debtPayment = "DEBT_PAYMENT"
        case suspense = "SUSPENSE"
    }

    package let id: TransactionID
    package let environment: Environment
    package let kind: Kind
    package let status: TransactionStatus
    package let claimId: ClaimID?
    package let amount: Money
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let entries: [EntryRecord]
}

/// Reads the ledger.
package struct TransactionStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// A transaction that a wallet of the organization has a part in, as payee or as payer.
    package func find(
        _ id: TransactionID, organization: OrganizationID
    ) async throws(StorageError) -> TransactionRecord? {
        let parameters: [PostgresValue] = [.id(id), .id(organization)]
        let queries = [Query(Self.selectOne, parameters), Query(Self.selectEntries, parameters)]
        return try await pool.read(queries) { results in
            let entries = try results[1].rows.map(EntryRecord.init(row:))
            return try results[0].rows.first.map { try TransactionRecord(row: $0, entries: entries) }
        }
    }

    /// The entries that changed what the wallet can spend or what it owes, newest first.
    package func entries(of walletId: WalletID, _ page: PageRequest) async throws(StorageError) -> Page<EntryRecord> {
        let parameters: [PostgresValue] = [.id(walletId), page.cursor, .int64(Int64(page.limit + 1))]
        return try await pool.read([Query(Self.selectPage, parameters)]) { results in
            Page(rowsWithOneMore: try results[0].rows.map(EntryRecord.init(row:)), limit: page.limit)
        }
    }

    private static let selectOne = Statement(
        "transactions_select",
        """
        SELECT id, environment, kind, status, claim_id, amount, currency, created_at, updated_at
        FROM transactions
        WHERE id = $1 AND (
            organization_id = $2 OR EXISTS (
                SELECT FROM entries JOIN wallets ON wallets.id = entries.wallet_id
                WHERE entries.transaction_id = $1 AND wallets.organization_id = $2
            )
        )
        """)

    private static let selectEntries = Statement(
        "transactions_select_entries",
        """
        SELECT entries.id, entries.transaction_id, entries.step, entries.account, wallets.id, entries.amount,
            entries.currency, entries.created_at
        FROM entries LEFT JOIN wallets ON wallets.id = entries.wallet_id AND wallets.organization_id = $2
        WHERE entries.transaction_id = $1
        ORDER BY entries.created_at, entries.step, entries.line
        """)

    private static let selectPage = Statement(
        "transactions_select_page",
        """
        SELECT * FROM (\(newest(of: "WALLET")) UNION ALL \(newest(of: "WALLET_DEBT"))) AS newest
        ORDER BY id DESC
        LIMIT $3
        """)

    /// One account's part of a page; each account has an index of its own.
    private static func newest(of account: String) -> String {
        """
        (
            SELECT id, transaction_id, step, account, wallet_id, amount, currency, created_at
            FROM entries
            WHERE wallet_id = $1 AND account = '\(account)' AND id < $2
            ORDER BY id DESC
            LIMIT $3
        )
        """
    }
}

extension EntryRecord {
    fileprivate init(row: Row) throws {
        id = try row.identifier(0)
        transactionId = try row.identifier(1)
        step = try row.name(2)
        account = try row.text(3)
        walletId = try row.identifierIfPresent(4)
        amount = try row.money(5)
        createdAt = try row.time(7)
    }
}

extension TransactionRecord {
    fileprivate init(row: Row, entries: [EntryRecord]) throws {
        id = try row.identifier(0)
        environment = try row.name(1)
        kind = try row.name(2)
        status = try row.name(3)
        claimId = try row.identifierIfPresent(4)
        amount = try row.money(5)
        createdAt = try row.time(7)
        updatedAt = try row.time(8)
        self.entries = entries
    }
}
