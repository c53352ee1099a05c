import Foundation
import PaymentLinks
import Postgres
import Storage

/// An organization's feed, and events that a test writes into it.
struct FeedScene: Sendable {
    let database: TestDatabase
    let fixture: Fixture

    static func run(connections: Int = 4, _ body: (FeedScene) async throws -> Void) async throws {
        try await TestDatabase.run(connections: connections) { (database) async throws in
            try await body(FeedScene(database: database, fixture: try await Fixture(database)))
        }
    }

    func owner(_ scope: [WalletID]? = nil) -> WebhookOwner {
        WebhookOwner(organizationId: fixture.organization, environment: .sandbox, walletScope: scope)
    }

    func insert(_ event: EventID, wallet: WalletID? = nil, link: LinkID? = nil, position: Int64? = nil) -> Query {
        let isGiven = position == nil ? "" : ", position"
        return Query(
            Statement(
                "insert_event_\(position == nil)",
                """
                INSERT INTO events
                    (id, organization_id, environment, type, wallet_id, link_id, body, created_at\(isGiven))
                SELECT $1, $2, 'SANDBOX', 'payment_link.created', $3, $4, '{}', now()
                    \(position == nil ? "FROM (SELECT $5::bigint) AS none" : ", $5::bigint")
                """),
            [
                .uuid(event.bits), .uuid(fixture.organization.bits), .uuid(wallet?.bits), .uuid(link?.bits),
                .int64(position),
            ])
    }

    func read(
        with pool: PostgresPool? = nil, after cursor: FeedCursor? = nil, scope: [WalletID]? = nil
    ) async throws -> [EventID] {
        try await EventFeed(pool: pool ?? database.pool).read(owner(scope), after: cursor, limit: 1000).entries
            .map(\.id)
    }

    /// Reads page by page until a page says that it is the last.
    func pages(of limit: Int, scope: [WalletID]? = nil) async throws -> [EventID] {
        var found: [EventID] = []
        var cursor: FeedCursor?
        while true {
            let slice = try await EventFeed(pool: database.pool).read(owner(scope), after: cursor, limit: limit)
            found += slice.entries.map(\.id)
            cursor = slice.cursor
            guard slice.hasMore else { return found }
        }
    }

    /// Writes so many events in transactions that overlap, each in a lane of its own.
    func write(_ total: Int, lanes: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes {
                group.addTask {
                    for _ in 0..<(total / lanes) { try await writeOne() }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Takes a position, lets others commit theirs, and commits.
    private func writeOne() async throws {
        try await database.pool.withTransaction { transaction in
            _ = try await transaction.run([insert(.mint(at: .now()))])
            let pause = Statement("pause", "SELECT pg_sleep(random() * 0.004)")
            _ = try await transaction.run([Query(pause)])
            _ = try await transaction.commit()
        }
    }

    /// Reads on until so many events came, or half a minute has passed.
    func follow(_ pool: PostgresPool, until total: Int) async throws -> [EventID] {
        var read: [EventID] = []
        var cursor: FeedCursor?
        let deadline = ContinuousClock.now + .seconds(30)
        while read.count < total, .now < deadline {
            let slice = try await EventFeed(pool: pool).read(owner(), after: cursor, limit: 7)
            read += slice.entries.map(\.id)
            cursor = slice.cursor
        }
        return read
    }

    /// What the feed tells of each link: the sequence and the type of its events, in the feed's order.
    func told() async throws -> [LinkID: [String]] {
        struct Body: Decodable {
            struct Data: Decodable {
                let linkId: String?
                let sequence: Int?
            }

            let event: String
            let data: Data
        }
        var told: [LinkID: [String]] = [:]
        let slice = try await EventFeed(pool: database.pool).read(owner(), after: nil, limit: 1000)
        for entry in slice.entries {
            let body = try JSONDecoder().decode(Body.self, from: Data(entry.body.utf8))
            guard let link = body.data.linkId.flatMap({ LinkID($0) }), let sequence = body.data.sequence else {
                continue
            }
            told[link, default: []].append("\(sequence) \(body.event.replacing("payment_link.", with: ""))")
        }
        return told
    }

    /// Runs `body` with a pool whose role has grants on tables, and sees no other role's transactions.
    func withRestrictedPool(_ body: (PostgresPool) async throws -> Void) async throws {
        let role = "restricted_\(UInt64.random(in: 0 ... .max))"
        try await database.execute("CREATE ROLE \(role)")
        try await database.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO \(role)")
        let result: Result<Void, any Error>
        do {
            result = .success(try await database.withPool(role: role, body))
        } catch {
            result = .failure(error)
        }
        try await database.execute("DROP OWNED BY \(role)")
        try await database.execute("DROP ROLE \(role)")
        try result.get()
    }
}
