import PaymentLinks
import Postgres
import Storage
import Testing

/// What the hot path costs the database, in counts that no machine changes.
@Suite("What a batch costs", .serialized)
struct CostTests {
    /// What some work sent to the database, and what it wrote to the log.
    private struct Cost {
        var units = 0
        var statements = 0
        var walRecords = 0
        /// Row versions that needed an entry in an index of `payment_links`.
        var linkUpdatesOffIndex = 0
        var linkUpdates = 0
    }

    /// Two round trips, whatever the batch holds: one locks and reads, one writes and commits.
    private static let unitsPerBatch = 2

    @Test(
        "A batch of wallet claims takes two round trips and as many statements as a claim alone",
        arguments: [1, 16, 256])
    func walletClaims(count: Int) async throws {
        try await Self.run { (database, fixture) async throws in
            let claims = try await Self.walletClaims(count, fixture)
            let cost = try await Self.cost(in: database) {
                let plan = try await fixture.claims.settle(claims, removing: [])
                #expect(plan.codes.allSatisfy { $0 == nil })
            }
            #expect(cost.units == Self.unitsPerBatch)
            #expect(cost.statements <= 17)
        }
    }

    @Test("A batch of creations takes two round trips and as many statements as one alone", arguments: [1, 256])
    func creations(count: Int) async throws {
        try await Self.run { (database, fixture) async throws in
            let wallet = try await fixture.wallet()
            let creations = (0..<count).map { _ in fixture.creation(to: wallet) }
            let cost = try await Self.cost(in: database) {
                _ = try await fixture.creations.create(creations, removing: [])
            }
            #expect(cost.units == Self.unitsPerBatch)
            #expect(cost.statements <= 11)
        }
    }

    @Test("A batch of outcomes takes two round trips and as many statements as one alone", arguments: [1, 256])
    func outcomes(count: Int) async throws {
        try await Self.run { (database, fixture) async throws in
            let links = try await fixture.links(count, to: try await fixture.wallet())
            let claims = links.map { fixture.claim($0.slug) }
            _ = try await fixture.claims.settle(claims, removing: [])
            let outcomes = claims.map { fixture.outcome(.settled, of: $0.claimId) }
            let cost = try await Self.cost(in: database) {
                _ = try await fixture.settlements.apply(outcomes, removing: [])
            }
            #expect(cost.units == Self.unitsPerBatch)
            #expect(cost.statements <= 13)
        }
    }

    @Test("A wallet claim writes at most 22 records to the write-ahead log, and its link's update touches no index")
    func walRecords() async throws {
        try await Self.run { (database, fixture) async throws in
            let claims = try await Self.walletClaims(256, fixture)
            try await database.execute("CHECKPOINT")
            let cost = try await Self.cost(in: database) {
                _ = try await fixture.claims.settle(claims, removing: [])
            }
            #expect(cost.walRecords / 256 <= 22)
            #expect(cost.linkUpdates == 256)
            // A page that is full makes a version move, and so a new entry in every index; most pages have room.
            #expect(cost.linkUpdatesOffIndex >= 200)
        }
    }

    private static func run(_ body: (TestDatabase, Fixture) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 1) { try await body($0, try await Fixture($0)) }
    }

    private static func walletClaims(_ count: Int, _ fixture: Fixture) async throws -> [ClaimRequest] {
        let payer = try await fixture.wallet(.usd, funds: 1_000_000)
        let links = try await fixture.links(count, to: try await fixture.wallet(), cents: 100)
        return links.map { fixture.claim($0.slug, by: .wallet(payer)) }
    }

    /// The work's own units and statements, and what the database counted meanwhile; nobody else is at work in it.
    private static func cost(in database: TestDatabase, of work: () async throws -> Void) async throws -> Cost {
        let before = try await counted(in: database)
        let sent = database.pool.statistics
        try await work()
        let sentAfter = database.pool.statistics
        let after = try await counted(in: database)
        return Cost(
            units: sentAfter.units - sent.units, statements: sentAfter.statements - sent.statements,
            walRecords: after.walRecords - before.walRecords,
            linkUpdatesOffIndex: after.linkUpdatesOffIndex - before.linkUpdatesOffIndex,
            linkUpdates: after.linkUpdates - before.linkUpdates)
    }

    /// The one connection tells its counts first, so that they are there to be read.
    private static func counted(in database: TestDatabase) async throws -> Cost {
        try await database.execute("SELECT pg_stat_force_next_flush()")
        let row = try await database.execute(
            """
            SELECT wal.wal_records, links.n_tup_hot_upd, links.n_tup_upd
            FROM pg_stat_wal AS wal, pg_stat_user_tables AS links
            WHERE links.relname = 'payment_links'
            """
        ).rows[0]
        return Cost(
            walRecords: Int(try row.int64(0)), linkUpdatesOffIndex: Int(try row.int64(1)),
            linkUpdates: Int(try row.int64(2)))
    }
}
