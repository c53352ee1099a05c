import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Applying rails' outcomes", .serialized)
struct SettlementStoreTests {
    private struct Scene: Sendable {
        let fixture: Fixture
        let wallet: WalletID
        let link: LinkCreation
        let claim: ClaimRequest

        func apply(_ kinds: SettlementOutcome.Kind...) async throws -> OutcomePlan {
            try await fixture.settlements.apply(kinds.map { fixture.outcome($0, of: claim.claimId) }, removing: [])
        }
    }

    /// A link that is claimed by ACH, for a wallet in another currency than the link's.
    private static func run(_ body: (TestDatabase, Scene) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let wallet = try await fixture.wallet(.usdc)
            let link = try await fixture.link(to: wallet)
            let claim = fixture.claim(link.slug)
            #expect(try await fixture.claims.decide([claim], removing: []).codes == [nil])
            try await body(database, Scene(fixture: fixture, wallet: wallet, link: link, claim: claim))
            #expect(try await database.breaches() == [])
        }
    }

    @Test("Pending money becomes available when it settles, once")
    func settled() async throws {
        try await Self.run { (_, scene) async throws in
            #expect(try await scene.fixture.balance(of: scene.wallet) == WalletBalance(pending: 10_000_000))
            _ = try await scene.apply(.submitted)
            #expect(try await scene.apply(.settled).postings.count == 1)
            #expect(try await scene.apply(.settled, .submitted).ignoredCount == 2)
            #expect(try await scene.fixture.balance(of: scene.wallet) == WalletBalance(available: 10_000_000))
            #expect(try await scene.fixture.status(of: scene.link) == .claimed)
        }
    }

    @Test("A failed settlement opens the link for the next payer")
    func failed() async throws {
        try await Self.run { (database, scene) async throws in
            _ = try await scene.apply(.returned)
            #expect(try await scene.fixture.status(of: scene.link) == .active)
            #expect(try await scene.fixture.balance(of: scene.wallet) == WalletBalance())
            guard
                case .won(let record) = try await ClaimLookup(pool: database.pool).find(
                    scene.claim.claimId, on: scene.link.slug)
            else { throw Unexpected("the claim is gone") }
            #expect(record.status == .failed && record.linkStatus == .active && record.failure?.code == "R01")
            let next = scene.fixture.claim(scene.link.slug)
            #expect(try await scene.fixture.claims.decide([next], removing: []).codes == [nil])
            #expect(try await scene.apply(.failed).ignoredCount == 1)
            #expect(try await scene.fixture.status(of: scene.link) == .claimed)
        }
    }

    @Test("A failed settlement of a link whose time has passed leaves it expired")
    func failedTooLate() async throws {
        try await Self.run { (database, scene) async throws in
            // The claim came in time; the time passes while the rail is at work.
            try await database.execute("UPDATE payment_links SET expires_at = clock_timestamp()")
            _ = try await scene.apply(.failed)
            #expect(try await database.number("SELECT count(*) FROM payment_links WHERE status = 'EXPIRED'") == 1)
            #expect(try await database.number("SELECT count(*) FROM events WHERE type = 'payment_link.expired'") == 1)
        }
    }

    @Test("Money that was spent before its return becomes a debt, and the available balance is never negative")
    func debt() async throws {
        try await Self.run { (_, scene) async throws in
            _ = try await scene.apply(.settled)
            let other = try await scene.fixture.link(to: try await scene.fixture.wallet(), cents: 700)
            let spending = scene.fixture.claim(other.slug, by: .wallet(scene.wallet))
            #expect(try await scene.fixture.claims.decide([spending], removing: []).codes == [nil])
            _ = try await scene.apply(.returned)
            #expect(try await scene.fixture.balance(of: scene.wallet) == WalletBalance(available: 0, debt: 7_000_000))
            #expect(try await scene.fixture.status(of: scene.link) == .active)
        }
    }

    @Test("Workers that apply the same outcome at once move the money once")
    func atOnce() async throws {
        try await Self.run { (database, scene) async throws in
            let moved = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await scene.apply(.settled).postings.count } }
                return try await group.reduce(0, +)
            }
            #expect(moved == 1)
            #expect(try await database.number("SELECT count(*) FROM events WHERE type = 'payment_link.settled'") == 1)
        }
    }

    @Test("Outcomes of unknown claims change nothing and are told")
    func unknown() async throws {
        try await Self.run { (database, scene) async throws in
            let stranger = ClaimID.mint(at: .now())
            let plan = try await scene.fixture.settlements.apply(
                [scene.fixture.outcome(.settled, of: stranger)], removing: [])
            #expect(plan.unknown.map(\.settlementId) == [stranger] && plan.isEmpty)
        }
    }
}
