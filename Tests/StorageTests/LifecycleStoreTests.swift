import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Expiring and cancelling links", .serialized)
struct LifecycleStoreTests {
    private static func run(_ body: (TestDatabase, Fixture, WalletID) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            try await body(database, fixture, try await fixture.wallet())
            #expect(try await database.breaches() == [])
        }
    }

    private static func cancel(_ link: LinkCreation, _ fixture: Fixture, scope: [WalletID]? = nil) async throws
        -> String
    {
        let store = CancellationStore(pool: fixture.database.pool)
        let cancellation = try await store.cancel(
            link.linkId, organization: fixture.organization, environment: .sandbox, walletScope: scope)
        switch cancellation {
        case .cancelled(let message): return message == nil ? "cancelled before" : "cancelled"
        case .notActive(let status): return status.rawValue
        case .notFound: return "not found"
        }
    }

    @Test("Due links expire with their event, others stay")
    func expiry() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let links = try await fixture.links(4, to: wallet)
            let later = fixture.creation(to: wallet, expiresAt: Timestamp.now().advanced(by: .seconds(3600)))
            _ = try await fixture.creations.create([later], removing: [])
            for link in links.prefix(3) { try await fixture.makeOverdue(link.linkId) }
            let store = ExpiryStore(pool: database.pool)
            #expect(try await store.timeUntilNextDue() == .zero)
            let first = try await store.expireDue(limit: 2)
            let second = try await store.expireDue(limit: 2)
            #expect(first.events.count == 2 && second.events.count == 1)
            #expect(Set((first.events + second.events).compactMap(\.linkId)) == Set(links.prefix(3).map(\.linkId)))
            #expect(first.lateness.allSatisfy { $0 >= .seconds(1) && $0 < .seconds(60) })
            #expect(try await store.expireDue(limit: 2).events.isEmpty)
            let next = try #require(try await store.timeUntilNextDue())
            #expect(next > .seconds(3500) && next <= .seconds(3600))
            #expect(try await fixture.status(of: links[3]) == .active)
        }
    }

    @Test("Several expiry workers at once expire each link once")
    func expiryAtOnce() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            for link in try await fixture.links(40, to: wallet) { try await fixture.makeOverdue(link.linkId) }
            let events = try await withThrowingTaskGroup(of: [DomainEvent].self) { group in
                for _ in 0..<8 {
                    group.addTask { try await ExpiryStore(pool: database.pool).expireDue(limit: 10).events }
                }
                return try await group.reduce([]) { $0 + $1 }
            }
            let rest = try await ExpiryStore(pool: database.pool).expireDue(limit: 100).events
            #expect(Set((events + rest).compactMap(\.linkId)).count == 40 && events.count + rest.count == 40)
        }
    }

    @Test("A link that somebody else holds is left to them")
    func heldLink() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let link = try await fixture.link(to: wallet)
            try await fixture.makeOverdue(link.linkId)
            try await database.pool.withTransaction { transaction in
                _ = try await transaction.run([Query(Statement("hold", "SELECT id FROM payment_links FOR UPDATE"))])
                #expect(try await ExpiryStore(pool: database.pool).expireDue(limit: 10).events.isEmpty)
            }
            #expect(try await ExpiryStore(pool: database.pool).expireDue(limit: 10).events.count == 1)
        }
    }

    @Test("An active link is cancelled once, and a cancelled one stays cancelled")
    func cancellation() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let link = try await fixture.link(to: wallet)
            #expect(try await Self.cancel(link, fixture, scope: []) == "not found")
            #expect(try await Self.cancel(link, fixture, scope: [wallet]) == "cancelled")
            #expect(try await Self.cancel(link, fixture) == "cancelled before")
            #expect(try await fixture.claims.settle([fixture.claim(link.slug)], removing: []).codes == [.linkCancelled])
        }
    }

    @Test("A claimed, an overdue, an expired and an unknown link are not cancelled")
    func notCancelled() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let links = try await fixture.links(3, to: wallet)
            _ = try await fixture.claims.settle([fixture.claim(links[0].slug)], removing: [])
            #expect(try await Self.cancel(links[0], fixture) == "CLAIMED")
            try await fixture.makeOverdue(links[1].linkId)
            #expect(try await Self.cancel(links[1], fixture) == "EXPIRED")
            _ = try await ExpiryStore(pool: database.pool).expireDue(limit: 10)
            #expect(try await Self.cancel(links[1], fixture) == "EXPIRED")
            #expect(try await Self.cancel(fixture.creation(to: wallet), fixture) == "not found")
            let elsewhere = try await CancellationStore(pool: database.pool).cancel(
                links[2].linkId, organization: fixture.organization, environment: .production, walletScope: nil)
            guard case .notFound = elsewhere else { throw Unexpected("found in the other environment") }
            #expect(try await fixture.status(of: links[2]) == .active)
        }
    }

    @Test("Of claim, cancellation and expiry exactly one wins")
    func race() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            for link in try await fixture.links(30, to: wallet) {
                async let claimed = fixture.claims.settle([fixture.claim(link.slug)], removing: []).codes == [nil]
                async let cancelled = Self.cancel(link, fixture) == "cancelled"
                async let overdue: Void = fixture.makeOverdue(link.linkId)
                async let expired = ExpiryStore(pool: database.pool).expireDue(limit: 100).events.contains {
                    $0.linkId == link.linkId
                }
                let winners = try await [claimed, cancelled, expired].count { $0 }
                try await overdue
                #expect(winners <= 1)
                // Made overdue after it was claimed, the link would break a rule that no clock can break.
                try await database.execute("UPDATE payment_links SET expires_at = NULL WHERE status = 'CLAIMED'")
            }
            _ = try await ExpiryStore(pool: database.pool).expireDue(limit: 100)
            #expect(try await database.number("SELECT count(*) FROM payment_links WHERE status = 'ACTIVE'") == 0)
        }
    }
}
