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
            #expect(try await store.schedule().isOverdue)
            let first = try await store.expireDue(limit: 2)
            let second = try await store.expireDue(limit: 2)
            #expect(first.events.count == 2 && second.events.count == 1)
            #expect(Set((first.events + second.events).compactMap(\.linkId)) == Set(links.prefix(3).map(\.linkId)))
            #expect(first.lateness.allSatisfy { $0 >= .seconds(1) && $0 < .seconds(60) })
            #expect(try await store.expireDue(limit: 2).events.isEmpty)
            let next = try #require(try await store.schedule().untilNext)
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

    // MARK: - The schedule

    /// Moves a link's end, as nothing in the system does yet.
    private static func move(_ link: LinkCreation, to interval: String, _ database: TestDatabase) async throws {
        try await database.execute(
            "UPDATE payment_links SET expires_at = clock_timestamp() + interval '\(interval)' WHERE id = $1",
            [.uuid(link.linkId.bits)])
    }

    private static func scheduled(_ database: TestDatabase) async throws -> Int {
        try await database.number("SELECT count(*) FROM link_expirations")
    }

    /// A link whose end is an hour away.
    private static func link(_ fixture: Fixture, to wallet: WalletID) async throws -> LinkCreation {
        let link = fixture.creation(to: wallet, expiresAt: Timestamp.now().advanced(by: .seconds(3600)))
        _ = try await fixture.creations.create([link], removing: [])
        return link
    }

    @Test("A link with an end is scheduled as it is created, one without is not")
    func scheduling() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            _ = try await fixture.links(3, to: wallet)
            #expect(try await Self.scheduled(database) == 0)
            let schedule = try await ExpiryStore(pool: database.pool).schedule()
            #expect(!schedule.isOverdue && schedule.untilNext == nil)
            let link = try await Self.link(fixture, to: wallet)
            #expect(
                try await database.number(
                    "SELECT count(*) FROM link_expirations JOIN payment_links USING (expires_at) WHERE id = $1",
                    [.uuid(link.linkId.bits)]) == 1)
        }
    }

    @Test("A link whose end is brought forward expires then, and once")
    func broughtForward() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let link = try await Self.link(fixture, to: wallet)
            for interval in ["-3 seconds", "-2 seconds", "-1 second"] {
                try await Self.move(link, to: interval, database)
            }
            let expired = try await ExpiryStore(pool: database.pool).expireDue(limit: 10)
            #expect(expired.events.map(\.linkId) == [link.linkId])
            #expect(try await fixture.status(of: link) == .expired)
            #expect(try await ExpiryStore(pool: database.pool).expireDue(limit: 10).events.isEmpty)
        }
    }

    @Test("A link whose end is put off, or taken away, does not expire at its old one")
    func putOff() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let links = [try await Self.link(fixture, to: wallet), try await Self.link(fixture, to: wallet)]
            for link in links { try await Self.move(link, to: "-1 second", database) }
            try await Self.move(links[0], to: "1 hour", database)
            try await database.execute(
                "UPDATE payment_links SET expires_at = NULL WHERE id = $1", [.uuid(links[1].linkId.bits)])
            let store = ExpiryStore(pool: database.pool)
            #expect(try await store.schedule().isOverdue)
            #expect(try await store.expireDue(limit: 10).events.isEmpty)
            for link in links { #expect(try await fixture.status(of: link) == .active) }
            #expect(
                try #require(try await store.schedule().untilNext) > .seconds(3500), "the old ends are off the schedule"
            )
            try await Self.move(links[0], to: "-1 second", database)
            #expect(try await store.expireDue(limit: 10).events.map(\.linkId) == [links[0].linkId])
        }
    }

    @Test("Links that were claimed or cancelled only leave the schedule when their time comes")
    func otherEnds() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let links = [try await Self.link(fixture, to: wallet), try await Self.link(fixture, to: wallet)]
            _ = try await fixture.claims.decide([fixture.claim(links[0].slug)], removing: [])
            #expect(try await Self.cancel(links[1], fixture) == "cancelled")
            #expect(try await Self.scheduled(database) == 2)
            try await database.execute("UPDATE link_expirations SET expires_at = expires_at - interval '2 hours'")
            let expired = try await ExpiryStore(pool: database.pool).expireDue(limit: 10)
            #expect(expired.events.isEmpty && expired.lateness.isEmpty)
            #expect(try await Self.scheduled(database) == 0)
            #expect(try await fixture.status(of: links[0]) == .claimed)
            #expect(try await fixture.status(of: links[1]) == .cancelled)
        }
    }

    @Test("A link that a failed payment opened again still expires at its time")
    func reopened() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let link = try await Self.link(fixture, to: wallet)
            let claim = fixture.claim(link.slug)
            _ = try await fixture.claims.decide([claim], removing: [])
            _ = try await fixture.settlements.apply([fixture.outcome(.failed, of: claim.claimId)], removing: [])
            #expect(try await fixture.status(of: link) == .active)
            #expect(try await database.breaches() == [])
            // Time passes for the link and for its place in the schedule alike: nobody has moved its end.
            try await database.execute("ALTER TABLE payment_links DISABLE TRIGGER payment_links_reschedule_expiration")
            for table in ["payment_links", "link_expirations"] {
                try await database.execute("UPDATE \(table) SET expires_at = expires_at - interval '2 hours'")
            }
            let expired = try await ExpiryStore(pool: database.pool).expireDue(limit: 10)
            #expect(expired.events.map(\.linkId) == [link.linkId])
            #expect(try await fixture.status(of: link) == .expired)
        }
    }

    @Test("A link that a failed payment opened again is scheduled, though it was struck off before the clock went back")
    func reopenedAfterTheClockWentBack() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let link = try await Self.link(fixture, to: wallet)
            let claim = fixture.claim(link.slug)
            _ = try await fixture.claims.decide([claim], removing: [])
            try await database.execute("DELETE FROM link_expirations")
            _ = try await fixture.settlements.apply([fixture.outcome(.failed, of: claim.claimId)], removing: [])
            #expect(try await fixture.status(of: link) == .active)
            #expect(try await Self.scheduled(database) == 1)
        }
    }

    @Test("A round that is full says that more may be due")
    func partialRounds() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            for link in try await fixture.links(3, to: wallet) { try await fixture.makeOverdue(link.linkId) }
            let store = ExpiryStore(pool: database.pool)
            #expect(try await store.expireDue(limit: 2).isPartial)
            #expect(try await store.expireDue(limit: 2).isPartial == false)
        }
    }

    // MARK: - Cancelling

    @Test("An active link is cancelled once, and a cancelled one stays cancelled")
    func cancellation() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let link = try await fixture.link(to: wallet)
            #expect(try await Self.cancel(link, fixture, scope: []) == "not found")
            #expect(try await Self.cancel(link, fixture, scope: [wallet]) == "cancelled")
            #expect(try await Self.cancel(link, fixture) == "cancelled before")
            #expect(try await fixture.claims.decide([fixture.claim(link.slug)], removing: []).codes == [.linkCancelled])
        }
    }

    @Test("A claimed, an overdue, an expired and an unknown link are not cancelled")
    func notCancelled() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let links = try await fixture.links(3, to: wallet)
            _ = try await fixture.claims.decide([fixture.claim(links[0].slug)], removing: [])
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
                async let claimed = fixture.claims.decide([fixture.claim(link.slug)], removing: []).codes == [nil]
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
