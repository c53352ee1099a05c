import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Offers and releases in the database")
struct OfferStoreTests {
    private static func run(_ body: (TestDatabase, Fixture) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            try await body(database, try await Fixture(database))
            #expect(try await database.breaches() == [])
        }
    }

    private static func offer(_ slug: Slug, _ fixture: Fixture) -> ClaimRequest {
        fixture.claim(slug, by: .usdc(sealedDestination: [1], chain: .base))
    }

    private static func seen(
        _ kind: SettlementOutcome.Kind, of claim: ClaimRequest, units: Int64? = nil
    ) -> SettlementOutcome {
        SettlementOutcome(
            settlementId: claim.claimId, kind: kind, code: nil, reason: nil, reference: "\(claim.claimId):0",
            occurredAt: .now(), baseUnits: units)
    }

    private static func status(of claim: ClaimRequest, _ database: TestDatabase) async throws -> ClaimStatus? {
        guard case .won(let record) = try await ClaimLookup(pool: database.pool).find(claim.claimId, on: claim.slug)
        else { return nil }
        return record.status
    }

    /// Lets an offer's time have come since a second.
    private static func makeDue(_ claims: [ClaimRequest], _ database: TestDatabase) async throws {
        for table in [
            "claims SET pay_before = now() - interval '1 second' WHERE id",
            "offers SET pay_before = now() - interval '1 second' WHERE claim_id",
        ] {
            try await database.execute("UPDATE \(table) = ANY($1)", [.uuids(claims.map(\.claimId.bits))])
        }
    }

    @Test("An offer that never pays locks nothing, and the first that is paid takes the link")
    func race() async throws {
        try await Self.run { (database, fixture) async throws in
            let payee = try await fixture.wallet()
            let link = try await fixture.link(to: payee)
            let offers = (0..<3).map { _ in Self.offer(link.slug, fixture) }
            #expect(try await fixture.claims.decide(offers, removing: []).codes == [nil, nil, nil])
            #expect(try await fixture.status(of: link) == .active)
            #expect(try await fixture.balance(of: payee) == WalletBalance())
            _ = try await fixture.settlements.apply([Self.seen(.submitted, of: offers[1])], removing: [])
            #expect(try await fixture.status(of: link) == .claimed)
            #expect(try await fixture.balance(of: payee) == WalletBalance(pending: 1_000))
            for _ in 0..<2 {
                let outcomes = [Self.seen(.settled, of: offers[0]), Self.seen(.settled, of: offers[1])]
                _ = try await fixture.settlements.apply(outcomes, removing: [])
            }
            #expect(try await fixture.balance(of: payee) == WalletBalance(available: 1_000))
            #expect(try await Self.status(of: offers[1], database) == .settled)
            #expect(try await Self.status(of: offers[0], database) == .awaitingPayment)
            #expect(try await database.number("SELECT count(*) FROM suspense WHERE label = 'UNMATCHED'") == 1)
            #expect(
                try await database.number("SELECT sum(amount)::bigint FROM entries WHERE account = 'SUSPENSE'")
                    == 10_000_000)
        }
    }

    @Test("Offers that two workers are told of at once end in one winner, and every other payment in suspense")
    func concurrentSights() async throws {
        try await Self.run { (database, fixture) async throws in
            let payee = try await fixture.wallet()
            let link = try await fixture.link(to: payee)
            let offers = (0..<8).map { _ in Self.offer(link.slug, fixture) }
            _ = try await fixture.claims.decide(offers, removing: [])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for offer in offers {
                    group.addTask {
                        let outcomes = [Self.seen(.submitted, of: offer), Self.seen(.settled, of: offer)]
                        _ = try await fixture.settlements.apply(outcomes, removing: [])
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 1)
            #expect(try await database.number("SELECT count(*) FROM suspense") == 7)
            #expect(try await fixture.balance(of: payee) == WalletBalance(available: 1_000))
        }
    }

    @Test("A link holds 16 open offers; the displaced one's money still wins")
    func displaced() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let offers = (0..<18).map { _ in Self.offer(link.slug, fixture) }
            for offer in offers { _ = try await fixture.claims.decide([offer], removing: []) }
            #expect(try await database.number("SELECT count(*) FROM offers WHERE displaced_at IS NULL") == 16)
            let equal = fixture.claim(
                link.slug, by: .usdc(sealedDestination: [2], chain: .base), digest: offers[17].digest)
            #expect(
                try await fixture.claims.decide([equal], removing: []).aliases.map(\.answeredBy) == [offers[17].claimId]
            )
            _ = try await fixture.settlements.apply([Self.seen(.settled, of: offers[0])], removing: [])
            #expect(try await Self.status(of: offers[0], database) == .settled)
        }
    }

    @Test("An offer reads as EXPIRED once its time has passed, and the worker ends it; its money is late")
    func expiry() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let offers = (0..<3).map { _ in Self.offer(link.slug, fixture) }
            _ = try await fixture.claims.decide(offers, removing: [])
            try await Self.makeDue(Array(offers.prefix(2)), database)
            #expect(try await Self.status(of: offers[0], database) == .expired)
            let store = OfferExpiryStore(pool: database.pool)
            #expect(try await store.expireDue(limit: 1) == 1)
            #expect(try await store.expireDue(limit: 10) == 1)
            #expect(try await store.expireDue(limit: 10) == 0)
            #expect(try await database.number("SELECT count(*) FROM claims WHERE status = 'EXPIRED'") == 2)
            _ = try await fixture.settlements.apply([Self.seen(.settled, of: offers[1])], removing: [])
            #expect(try await database.number("SELECT count(*) FROM suspense WHERE label = 'LATE'") == 1)
            #expect(try await fixture.status(of: link) == .active)
        }
    }

    @Test("Locked offers do not keep others from expiring")
    func lockedOffers() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let offers = (0..<4).map { _ in Self.offer(link.slug, fixture) }
            _ = try await fixture.claims.decide(offers, removing: [])
            try await Self.makeDue(offers, database)
            let held = Query(
                Statement("hold_claims", "SELECT id FROM claims WHERE id = ANY($1) FOR UPDATE"),
                [.uuids(offers.prefix(2).map(\.claimId.bits))])
            try await database.pool.withTransaction { transaction in
                _ = try await transaction.run([held])
                #expect(try await OfferExpiryStore(pool: database.pool).expireDue(limit: 2) == 2)
                _ = try await transaction.commit([])
            }
            #expect(try await OfferExpiryStore(pool: database.pool).expireDue(limit: 2) == 2)
        }
    }

    @Test("A release and the rail's submission of one claim race, and exactly one of them counts", arguments: 0..<10)
    func releaseRace(_: Int) async throws {
        try await Self.run { (database, fixture) async throws in
            let payee = try await fixture.wallet()
            let link = try await fixture.link(to: payee)
            let claim = fixture.claim(link.slug)
            _ = try await fixture.claims.decide([claim], removing: [])
            let releases = ReleaseStore(pool: database.pool)
            async let released = releases.release(claim.claimId, on: link.slug, digest: claim.digest)
            async let submitted = fixture.settlements.apply(
                [fixture.outcome(.submitted, of: claim.claimId)], removing: [])
            let (release, plan) = try await (released, submitted)
            let status = try await Self.status(of: claim, database)
            if case .released = release {
                #expect(plan.claims.isEmpty && status == .cancelled)
                #expect(try await fixture.status(of: link) == .active)
                #expect(try await fixture.balance(of: payee) == WalletBalance())
            } else {
                #expect(plan.claims.count == 1 && status == .pending)
                #expect(try await fixture.balance(of: payee) == WalletBalance(pending: 1_000))
            }
        }
    }

    @Test("A release is for the claim's own body, or its payee; it happens once, and the next payer takes the link")
    func release() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let claim = fixture.claim(link.slug)
            _ = try await fixture.claims.decide([claim], removing: [])
            let releases = ReleaseStore(pool: database.pool)
            guard
                case .notThePayers = try await releases.release(claim.claimId, on: link.slug, digest: Fixture.digest())
            else { throw Unexpected("another body released the claim") }
            for messages in [1, 0] {
                guard
                    case .released(claim.claimId, let outbox) = try await releases.release(
                        claim.claimId, on: link.slug, digest: claim.digest)
                else { throw Unexpected("not released") }
                #expect(outbox.count == messages)
            }
            let next = fixture.claim(link.slug)
            #expect(try await fixture.claims.decide([next], removing: []).codes == [nil])
            guard
                case .released(next.claimId, _) = try await releases.release(
                    link.linkId, claim: nil, organization: fixture.organization, environment: .sandbox, walletScope: nil
                )
            else { throw Unexpected("the payee did not release the claim") }
            guard
                case .notClaimed = try await releases.release(
                    link.linkId, claim: nil, organization: fixture.organization, environment: .sandbox, walletScope: nil
                )
            else { throw Unexpected("an open link was released") }
            #expect(try await database.number("SELECT count(*) FROM claims WHERE status = 'CANCELLED'") == 2)
        }
    }

    @Test("Offers that have ended are pruned, except where their money is in suspense")
    func pruned() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let offers = (0..<3).map { _ in Self.offer(link.slug, fixture) }
            _ = try await fixture.claims.decide(offers, removing: [])
            try await Self.makeDue(Array(offers.prefix(2)), database)
            _ = try await fixture.settlements.apply([Self.seen(.settled, of: offers[0])], removing: [])
            _ = try await OfferExpiryStore(pool: database.pool).expireDue(limit: 10)
            let all: [PostgresValue] = [.uuids(offers.map(\.claimId.bits))]
            try await database.execute(
                "UPDATE claims SET created_at = now() - interval '9 days' WHERE id = ANY($1)", all)
            _ = try await Pruner(pool: database.pool).prune(olderThan: .seconds(4 * 86_400), limit: 100)
            #expect(try await database.number("SELECT count(*) FROM claims WHERE id = ANY($1)", all) == 2)
        }
    }
}
