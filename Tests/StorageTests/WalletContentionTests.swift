import PaymentLinks
import Postgres
import Storage
import Synchronization
import Testing

/// Wallets that move between the moment when a claim is decided on them and the moment when it is written.
@Suite("Wallets that others move meanwhile", .serialized)
struct WalletContentionTests {
    /// Counts how often something was decided.
    private final class Decisions: Sendable {
        private let counter = Atomic(0)
        var count: Int { counter.load(ordering: .relaxed) }
        func add() { counter.add(1, ordering: .relaxed) }
    }

    /// What happens to the payer's wallet of 1,000 cents, what a claim of 500 is answered, and how often it is decided.
    private static let changes: [(change: String, code: ErrorCode?, decisions: Int)] = [
        ("available = available + 1", nil, 1), ("available = available - 500", nil, 1),
        ("available = available - 501", .insufficientFunds, 2), ("status = 'FROZEN'", .walletFrozen, 2),
        ("allow_public_claims = false", .walletAuthorizationRequired, 2), ("name = 'Other'", nil, 1),
    ]

    @Test("A claim is written only if its payer's wallet still allows it", arguments: changes)
    func changed(row: (change: String, code: ErrorCode?, decisions: Int)) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let payer = try await fixture.wallet(funds: 1_000)
            let claim = fixture.claim(
                try await fixture.link(to: try await fixture.wallet(), cents: 500).slug, by: .wallet(payer))
            let decisions = Decisions()
            let plan = try await database.pool.withTransaction { other in
                _ = try await other.run([Query(Self.change(row.change), [.uuid(payer.bits)])])
                async let settling = fixture.claims.settle([claim], removing: []) { decisions.add() }
                try await Self.waitForLock(in: database)
                _ = try await other.commit([])
                return try await settling
            }
            #expect(plan.codes == [row.code])
            #expect(decisions.count == row.decisions)
            #expect(try await database.number("SELECT count(*) FROM claims") == 1)
            let claimed = try await database.number("SELECT count(*) FROM payment_links WHERE status = 'CLAIMED'")
            let moved = try await database.number("SELECT count(*) FROM transactions WHERE kind = 'CLAIM'")
            #expect([claimed, moved] == (row.code == nil ? [1, 1] : [0, 0]))
        }
    }

    private static func change(_ assignment: String) -> Statement {
        Statement("test_\(UInt64.random(in: 0 ... .max))", "UPDATE wallets SET \(assignment) WHERE id = $1")
    }

    private static func waitForLock(in database: TestDatabase) async throws {
        let waiting = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        for _ in 0..<1_000 where try await database.number(waiting) == 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test("A key of the wallet's own claims from a wallet that is closed to the public meanwhile")
    func closedToOthers() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let payer = try await fixture.wallet(funds: 1_000)
            let open = fixture.claim(try await fixture.link(to: try await fixture.wallet()).slug, by: .wallet(payer))
            let claim = ClaimRequest(
                claimId: open.claimId, transactionId: open.transactionId, slug: open.slug, payer: open.payer,
                recipientEmail: nil,
                authority: .init(organizationId: fixture.organization, environment: .sandbox, walletScope: nil),
                digest: open.digest, idempotencyKey: nil)
            let decisions = Decisions()
            let plan = try await database.pool.withTransaction { other in
                _ = try await other.run([Query(Self.change("allow_public_claims = false"), [.uuid(payer.bits)])])
                async let settling = fixture.claims.settle([claim], removing: []) { decisions.add() }
                try await Self.waitForLock(in: database)
                _ = try await other.commit([])
                return try await settling
            }
            #expect(plan.codes == [nil] && decisions.count == 1)
        }
    }

    @Test("Batches at once spend a wallet to the last cent and no further")
    func spentOnce() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let payee = try await fixture.wallet()
            for _ in 0..<40 {
                let payer = try await fixture.wallet(funds: 120)
                let links = try await fixture.links(24, to: payee, cents: 10)
                let codes = try await withThrowingTaskGroup(of: [ErrorCode?].self) { group in
                    for start in stride(from: 0, to: 24, by: 8) {
                        let claims = links[start..<start + 8].map { fixture.claim($0.slug, by: .wallet(payer)) }
                        group.addTask { try await fixture.claims.settle(claims, removing: []).codes }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(codes.count { $0 == nil } == 12)
                #expect(codes.count { $0 == .insufficientFunds } == 12)
                #expect(try await fixture.balance(of: payer).available == 0)
            }
            #expect(try await fixture.balance(of: payee).available == 40 * 120)
            #expect(try await database.breaches() == [])
        }
    }

    @Test("Two wallets that pay one another at once end with what they began with, and nothing deadlocks")
    func backAndForth() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let wallets = [try await fixture.wallet(funds: 100), try await fixture.wallet(funds: 100)]
            for _ in 0..<100 {
                let links =
                    try await fixture.links(5, to: wallets[0], cents: 20)
                    + fixture.links(5, to: wallets[1], cents: 20)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for start in [0, 5] {
                        let payer = wallets[start == 0 ? 1 : 0]
                        let claims = links[start..<start + 5].map { fixture.claim($0.slug, by: .wallet(payer)) }
                        group.addTask {
                            let codes = try await fixture.claims.settle(claims, removing: []).codes
                            #expect(codes == Array(repeating: nil, count: 5))
                        }
                    }
                    try await group.waitForAll()
                }
                for wallet in wallets { #expect(try await fixture.balance(of: wallet).available == 100) }
            }
            #expect(try await database.breaches() == [])
        }
    }

    @Test("Balances near their bound are decided on with the wallets locked")
    func nearTheBound() async throws {
        try await TestDatabase.run(connections: 2) { (database) async throws in
            let fixture = try await Fixture(database)
            let (payer, payee) = (try await fixture.wallet(funds: 2_000), try await fixture.wallet())
            let links = try await fixture.links(2, to: payee)
            try await database.execute(
                "UPDATE wallets SET pending = $2 WHERE id = $1", [.uuid(payee.bits), .int64(.max - 1_500)])
            let claims = links.map { fixture.claim($0.slug, by: .wallet(payer)) }
            let decisions = Decisions()
            let plan = try await fixture.claims.settle(claims, removing: []) { decisions.add() }
            #expect(plan.codes == [nil, .amountExceedsRailLimit])
            #expect(decisions.count == 1, "nothing was decided before the locks")
            #expect(try await fixture.balance(of: payer).available == 1_000)
        }
    }
}
