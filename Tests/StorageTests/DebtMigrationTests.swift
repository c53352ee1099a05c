import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("The schema step that pays debts", .serialized)
struct DebtMigrationTests {
    /// A wallet of the step before: `available`, and what it owes, in minor units.
    private static let wallets: [(currency: String, available: Int64, debt: Int64, after: [Int64])] = [
        ("USD", 5_900, 4_900, [1_000, 0]), ("USDC", 1_000_000, 70_000_001, [0, 69_000_001]),
        ("USD", 300, 300, [0, 0]), ("USD", 10, 0, [10, 0]), ("USD", 0, 25, [0, 25]),
    ]

    @Test("A wallet that holds money beside a debt pays it, with entries and an event that the audit accepts")
    func paid() async throws {
        try await TestDatabase.run(isMigrated: false) { (database) async throws in
            try await Migrator(pool: database.pool, through: 8).migrate()
            var ids: [WalletID] = []
            let organization = OrganizationID.mint(at: .now())
            try await database.execute(
                "INSERT INTO organizations (id, name, display_name, created_at) VALUES ($1, 'A', 'A', now())",
                [.uuid(organization.bits)])
            for wallet in Self.wallets {
                let id = WalletID.mint(at: .now())
                ids.append(id)
                try await Self.insert(id, of: organization, wallet.currency, wallet.available, wallet.debt, database)
            }
            try await Migrator(pool: database.pool).migrate()
            for (id, wallet) in zip(ids, Self.wallets) {
                let row = try await database.execute(
                    "SELECT available, debt FROM wallets WHERE id = $1", [.uuid(id.bits)]
                ).rows[0]
                #expect(try [row.int64(0), row.int64(1)] == wallet.after)
            }
            let found = try await database.breaches()
            #expect(found == [])
            try await Self.checkEvents(of: ids, organization, database)
            #expect(try await database.number("SELECT count(*) FROM outbox WHERE topic = 'wallet.debt_changed'") == 3)
        }
    }

    /// Inserts a wallet with balances, and the entries of a funding that agree with them.
    private static func insert(
        _ id: WalletID, of organization: OrganizationID, _ currency: String, _ available: Int64, _ debt: Int64,
        _ database: TestDatabase
    ) async throws {
        try await database.execute(
            """
            INSERT INTO wallets
                (id, organization_id, environment, name, currency, available, debt, created_at, updated_at)
            VALUES ($1, $2, 'SANDBOX', 'Wallet', $3, $4, $5, now(), now())
            """,
            [.uuid(id.bits), .uuid(organization.bits), .text(currency), .int64(available), .int64(debt)])
        for (account, amount) in [("WALLET", available), ("WALLET_DEBT", -debt)] where amount != 0 {
            try await database.execute(
                """
                WITH made AS (
                    INSERT INTO transactions
                        (id, organization_id, environment, kind, status, amount, currency, created_at, updated_at)
                    VALUES (gen_random_uuid(), $2, 'SANDBOX', 'FUNDING', 'POSTED', abs($5::bigint), $3, now(), now())
                    RETURNING id
                )
                INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
                SELECT gen_random_uuid(), made.id, 'FUND', line, given.account, wallet_id, given.amount, $3, now()
                FROM made, (VALUES (0, $4::text, $1::uuid, $5::bigint), (1, 'SANDBOX_FUNDING', NULL, -$5::bigint))
                    AS given (line, account, wallet_id, amount)
                """,
                [.uuid(id.bits), .uuid(organization.bits), .text(currency), .text(account), .int64(amount)])
        }
    }

    private static func checkEvents(
        of ids: [WalletID], _ organization: OrganizationID, _ database: TestDatabase
    ) async throws {
        let rows = try await database.execute(
            "SELECT id, body FROM events WHERE type = 'wallet.debt_changed' ORDER BY id"
        ).rows
        var debts: [String: [String]] = [:]
        for row in rows {
            let event = try JSONDocument(Array(row.text(1).utf8)).root
            #expect(event["id"]?.string == EventID(bits: try row.uuid(0)).description)
            #expect(event["organizationId"]?.string == organization.description)
            #expect(event["timestamp"]?.string.flatMap { Timestamp(iso8601: $0) } != nil)
            let data = try #require(event["data"])
            #expect(data["transactionId"]?.string.flatMap { TransactionID($0) } != nil)
            debts[data["walletId"]?.string ?? ""] = ["previousDebt", "debt", "currency"].map { name in
                data.members?.first { $0.name == name }?.value.string ?? ""
            }
        }
        #expect(
            debts == [
                ids[0].description: ["49.00", "0.00", "USD"], ids[1].description: ["70.000001", "69.000001", "USDC"],
                ids[2].description: ["3.00", "0.00", "USD"],
            ])
    }
}
