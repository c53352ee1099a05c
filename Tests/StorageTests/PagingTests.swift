import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Pages of long lists", .serialized)
struct PagingTests {
    private static let rowCount = 10_000
    private static let pageLimit = 20
    /// The cursor of the last page but a few rows.
    private static let cursor: UInt128 = 100

    /// Ids from 1 on, so that a cursor's page is known.
    private static let id = "lpad(to_hex(number), 32, '0')::uuid"

    /// What fills every list of an organization and of a wallet with rows that have ids from 1 on.
    private static let filling = [
        """
        INSERT INTO wallets (id, organization_id, environment, name, currency, created_at, updated_at)
        SELECT \(id), $1, 'SANDBOX', 'Wallet', 'USD', now(), now() FROM generate_series(1, $3::bigint) AS number
        """,
        """
        INSERT INTO payment_links (
            id, organization_id, environment, wallet_id, slug, amount, currency, metadata, request_digest, created_at,
            updated_at
        )
        SELECT \(id), $1, 'SANDBOX', $2, '0123456789abcd' || lpad(number::text, 6, '0'), 1, 'USD', '{}', ''::bytea,
            now(), now()
        FROM generate_series(1, $3::bigint) AS number
        """,
        """
        INSERT INTO claims (
            id, link_id, slug, method, status, transaction_id, payee_wallet_id, amount, currency, request_digest,
            created_at, failed_at
        )
        SELECT \(id), \(id), 'slug', 'ach', 'FAILED', \(id), $2, 1, 'USD', sha256(''), now(), now()
        FROM generate_series(1, $3::bigint) AS number WHERE $1::uuid IS NOT NULL
        """,
        """
        INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
        SELECT \(id), $1, 'CLAIM', number, 'WALLET', $2, CASE WHEN number % 2 = 0 THEN 1 ELSE -1 END, 'USD', now()
        FROM generate_series(1, $3::bigint) AS number
        """,
        """
        INSERT INTO api_keys (
            id, organization_id, environment, name, key_prefix, secret_sha256, permissions, created_at
        )
        SELECT \(id), $1, 'SANDBOX', 'Key', 'wg_test', sha256(number::text::bytea), '{}', now()
        FROM generate_series(1, $3::bigint) AS number WHERE $2::uuid IS NOT NULL
        """,
        """
        INSERT INTO webhook_deliveries (id, webhook_id, event_id, event_type, status, next_attempt_at, created_at)
        SELECT \(id), $2, \(id), 'payment_link.created', 'PENDING', now(), now()
        FROM generate_series(1, $3::bigint) AS number WHERE $1::uuid IS NOT NULL
        """,
    ]

    private typealias List = @Sendable (PostgresPool, OrganizationID, WalletID, PageRequest) async throws -> Int

    private static let lists: [(name: String, read: List)] = [
        (
            "links",
            { pool, organization, _, page in
                try await links(pool, organization, nil, page)
            }
        ),
        (
            "a wallet's links",
            { pool, organization, wallet, page in
                try await links(pool, organization, wallet, page)
            }
        ),
        (
            "wallets",
            { pool, organization, _, page in
                try await WalletStore(pool: pool).list(
                    organization: organization, environment: .sandbox, walletScope: nil, page
                ).items.count
            }
        ),
        (
            "a wallet's transactions",
            { pool, _, wallet, page in try await TransactionStore(pool: pool).entries(of: wallet, page).items.count }
        ),
        (
            "holds",
            { pool, _, wallet, page in try await HoldStore(pool: pool).list(of: wallet, status: nil, page).items.count }
        ),
        (
            "keys",
            { pool, organization, _, page in
                try await APIKeyStore(pool: pool).list(organization: organization, environment: .sandbox, page)
                    .items.count
            }
        ),
        (
            "deliveries",
            { pool, _, wallet, page in
                let webhook = WebhookID(bits: wallet.bits)
                return try await DeliveryStore(pool: pool).list(webhook, status: nil, page).items.count
            }
        ),
    ]

    private static func links(
        _ pool: PostgresPool, _ organization: OrganizationID, _ wallet: WalletID?, _ page: PageRequest
    ) async throws -> Int {
        let filter = LinkStore.Filter(
            organization: organization, environment: .sandbox, walletId: wallet, walletScope: nil, status: nil)
        return try await LinkStore(pool: pool).list(filter, page).items.count
    }

    @Test("A far page is read from its cursor on, not from the list's start, as the gateway plans it")
    func farPage() async throws {
        try await TestDatabase.run { (database) async throws in
            let organization = try await Fixture(database).organization
            let wallet = WalletID(bits: 1)
            for sql in Self.filling {
                try await database.execute(
                    sql, [.uuid(organization.bits), .uuid(wallet.bits), .int64(Int64(Self.rowCount))])
            }
            try await database.execute("ANALYZE")
            try await database.withPool(planning: .byIndex) { pool in
                for list in Self.lists {
                    for (after, name) in [(nil, "first"), (Self.cursor, "far")] {
                        let before = try await Self.rowsRead(pool)
                        let count = try await list.read(
                            pool, organization, wallet, PageRequest(limit: Self.pageLimit, after: after))
                        #expect(count == Self.pageLimit, "\(list.name), \(name)")
                        #expect(try await Self.rowsRead(pool) - before < 200, "\(list.name), \(name)")
                    }
                }
            }
        }
    }

    /// How many rows the database has read so far; the pool's one connection tells its counts first.
    private static func rowsRead(_ pool: PostgresPool) async throws -> Int {
        _ = try await pool.run([Query(Statement("flush", "SELECT pg_stat_force_next_flush()"))])
        let sum = Statement(
            "rows_read",
            "SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::bigint FROM pg_stat_user_tables")
        return Int(try await pool.run([Query(sum)])[0].rows[0].int64(0))
    }
}
