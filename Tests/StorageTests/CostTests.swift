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
        /// New versions of rows, by the table.
        var updates: [String: Updates] = [:]
    }

    private struct Updates {
        var all = 0
        /// Those that needed no entry in any index.
        var offIndex = 0
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
                let plan = try await fixture.claims.decide(claims, removing: [])
                #expect(plan.codes.allSatisfy { $0 == nil })
            }
            #expect(cost.units == Self.unitsPerBatch)
            // One for each row of the outbox: a wallet's claim sends two kinds of events.
            #expect(cost.statements <= 18)
        }
    }

    @Test(
        "A batch of claims by ACH takes two round trips and as many statements as a claim alone", arguments: [1, 256])
    func achClaims(count: Int) async throws {
        try await Self.run { (database, fixture) async throws in
            let links = try await fixture.links(count, to: try await fixture.wallet())
            let claims = links.map { fixture.claim($0.slug) }
            let cost = try await Self.cost(in: database) {
                let plan = try await fixture.claims.decide(claims, removing: [])
                #expect(plan.codes.allSatisfy { $0 == nil })
            }
            #expect(cost.units == Self.unitsPerBatch)
            #expect(cost.statements <= 17)
        }
    }

    @Test("A batch with links that were won before reads their winners in a third round trip, all of them in one")
    func wonBefore() async throws {
        try await Self.run { (database, fixture) async throws in
            let payer = try await fixture.wallet(.usd, funds: 1_000)
            let links = try await fixture.links(16, to: try await fixture.wallet(), cents: 10)
            let won = links.map { fixture.claim($0.slug, by: .wallet(payer)) }
            _ = try await fixture.claims.decide(won, removing: [])
            let again = won.map { fixture.claim($0.slug, by: .wallet(payer), digest: $0.digest) }
            let cost = try await Self.cost(in: database) {
                let plan = try await fixture.claims.decide(again, removing: [])
                #expect(plan.aliases.map(\.answeredBy) == won.map(\.claimId))
            }
            #expect(cost.units == Self.unitsPerBatch + 1)
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
            _ = try await fixture.claims.decide(claims, removing: [])
            let outcomes = claims.map { fixture.outcome(.settled, of: $0.claimId) }
            let cost = try await Self.cost(in: database) {
                _ = try await fixture.settlements.apply(outcomes, removing: [])
            }
            #expect(cost.units == Self.unitsPerBatch)
            #expect(cost.statements <= 13)
        }
    }

    @Test("A wallet claim writes at most 28 records to the write-ahead log, and its link's update touches no index")
    func walRecords() async throws {
        let records = try await Self.fewestRecords { (database, fixture) async throws in
            let claims = try await Self.walletClaims(256, fixture)
            try await database.execute("CHECKPOINT")
            let cost = try await Self.cost(in: database) {
                _ = try await fixture.claims.decide(claims, removing: [])
            }
            try Self.expectFewIndexEntries(cost, "payment_links")
            return cost
        }
        #expect(records / 256 <= 28)
    }

    @Test("A creation writes at most 10 records to the write-ahead log")
    func creationRecords() async throws {
        try await Self.run { (database, fixture) async throws in
            let wallet = try await fixture.wallet()
            let creations = (0..<256).map { _ in fixture.creation(to: wallet) }
            try await database.execute("CHECKPOINT")
            let cost = try await Self.cost(in: database) {
                _ = try await fixture.creations.create(creations, removing: [])
            }
            #expect(cost.walRecords / 256 <= 10)
        }
    }

    @Test("A settlement by a rail writes at most 21 records to the write-ahead log, and touches no index of its claim")
    func settlementRecords() async throws {
        let records = try await Self.fewestRecords { (database, fixture) async throws in
            let links = try await fixture.links(256, to: try await fixture.wallet())
            let claims = links.map { fixture.claim($0.slug) }
            _ = try await fixture.claims.decide(claims, removing: [])
            try await database.execute("CHECKPOINT")
            let cost = try await Self.cost(in: database) {
                let outcomes = claims.map { fixture.outcome(.settled, of: $0.claimId) }
                _ = try await fixture.settlements.apply(outcomes, removing: [])
            }
            try Self.expectFewIndexEntries(cost, "claims")
            try Self.expectFewIndexEntries(cost, "transactions")
            return cost
        }
        #expect(records / 256 <= 21)
    }

    /// A page that is full makes a version move, and so a new entry in every index; most pages have room.
    private static func expectFewIndexEntries(_ cost: Cost, _ table: String) throws {
        let updates = try #require(cost.updates[table])
        #expect(updates.all == 256)
        #expect(updates.offIndex >= 200, "\(table)")
    }

    private static func run(_ body: (TestDatabase, Fixture) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 1) { try await body($0, try await Fixture($0)) }
    }

    /// The fewest records of three runs, for the log is the whole server's, whose upkeep writes to it too.
    private static func fewestRecords(_ body: (TestDatabase, Fixture) async throws -> Cost) async throws -> Int {
        var fewest = Int.max
        for _ in 0..<3 {
            try await run { fewest = min(fewest, try await body($0, $1).walRecords) }
        }
        return fewest
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
            updates: after.updates.merging(before.updates) { after, before in
                Updates(all: after.all - before.all, offIndex: after.offIndex - before.offIndex)
            })
    }

    /// The one connection tells its counts first, so that they are there to be read.
    private static func counted(in database: TestDatabase) async throws -> Cost {
        try await database.execute("SELECT pg_stat_force_next_flush()")
        let rows = try await database.execute(
            """
            SELECT wal.wal_records, tables.relname::text, tables.n_tup_upd, tables.n_tup_hot_upd
            FROM pg_stat_wal AS wal, pg_stat_user_tables AS tables
            """
        ).rows
        var cost = Cost(walRecords: Int(try rows[0].int64(0)))
        for row in rows {
            cost.updates[try row.text(1)] = Updates(all: Int(try row.int64(2)), offIndex: Int(try row.int64(3)))
        }
        return cost
    }
}
