import Glibc
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
        ("allow_public_claims = false", .walletAuthorizationRequired, 2),
        ("updated_at = clock_timestamp() + interval '1 hour'", nil, 1),
    ]

    @Test("A claim is written only if its payer's wallet still allows it", arguments: changes)
    func changed(row: (change: String, code: ErrorCode?, decisions: Int)) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let payer = try await fixture.wallet(funds: 1_000)
            let claim = fixture.claim(
                try await fixture.link(to: try await fixture.wallet(), cents: 500).slug, by: .wallet(payer))
            let decisions = Decisions()
            let plan = try await Self.settle([claim], while: row.change, of: payer, fixture, counting: decisions)
            #expect(plan.codes == [row.code])
            #expect(decisions.count == row.decisions)
            #expect(try await database.number("SELECT count(*) FROM claims") == 1)
            let claimed = try await database.number("SELECT count(*) FROM payment_links WHERE status = 'CLAIMED'")
            let moved = try await database.number("SELECT count(*) FROM transactions WHERE kind = 'CLAIM'")
            #expect([claimed, moved] == (row.code == nil ? [1, 1] : [0, 0]))
        }
    }

    /// Settles claims that were decided before a wallet is changed, and come to be written after that.
    private static func settle(
        _ claims: [ClaimRequest], removing published: [ULID] = [], while assignment: String, of wallet: WalletID,
        _ fixture: Fixture, counting decisions: Decisions = Decisions(),
        beforeCommit: @escaping @Sendable () -> Void = {}
    ) async throws -> ClaimPlan {
        try await fixture.database.pool.withTransaction { other in
            let change = Statement(
                "test_\(UInt64.random(in: 0 ... .max))", "UPDATE wallets SET \(assignment) WHERE id = $1")
            _ = try await other.run([Query(change, [.uuid(wallet.bits)])])
            async let settling = fixture.claims.decide(claims, removing: published) {
                decisions.add()
                beforeCommit()
            }
            try await waitForLock(in: fixture.database)
            _ = try await other.commit([])
            return try await settling
        }
    }

    private static func waitForLock(in database: TestDatabase) async throws {
        let waiting = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        for _ in 0..<1_000 {
            if try await database.number(waiting) > 0 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("nobody waits for a lock")
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
            let plan = try await Self.settle(
                [claim], while: "allow_public_claims = false", of: payer, fixture, counting: decisions)
            #expect(plan.codes == [nil] && decisions.count == 1)
        }
    }

    private struct Undone: Error {}

    private static func failure(of body: () async throws -> Void) async -> StorageError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StorageError
        }
    }

    /// Another transaction has the key that the batch comes to write, and waits for the wallet that the batch has locked.
    @Test("A batch that is done once more may meet another crosswise: Postgres ends it, and tried again it is done")
    func crosswise() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let payer = try await fixture.wallet(funds: 1_000)
            let claim = fixture.claim(
                try await fixture.link(to: try await fixture.wallet(), cents: 500).slug, by: .wallet(payer))
            let key = Fixture.digest()
            let claims = [claim, fixture.claim(Fixture.slug(), by: .wallet(payer), key: key)]
            let (decisions, crossings) = (Decisions(), Decisions())
            do {
                try await database.pool.withTransaction { crossing in
                    // Postgres ends who has waited longest for a deadlock, which is to be the batch.
                    _ = try await crossing.run([Query(Statement("test_patience", "SET LOCAL deadlock_timeout = '30s'"))]
                    )
                    async let settling = Self.failure {
                        _ = try await Self.settle(
                            claims, while: "available = 0", of: payer, fixture, counting: decisions
                        ) {
                            while decisions.count == 2 && crossings.count == 0 { usleep(1_000) }
                        }
                    }
                    while decisions.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
                    let bind = """
                        INSERT INTO idempotency_keys (key, request_digest, subject_id, created_at)
                        VALUES ($1, $1, $2, clock_timestamp())
                        """
                    _ = try await crossing.run(
                        [Query(Statement("test_bind", bind), [.bytes(key.bytes), .uuid(claims[1].claimId.bits)])])
                    let lock = Statement("test_cross", "SELECT id FROM wallets WHERE id = $1 FOR UPDATE")
                    async let locking = crossing.run([Query(lock, [.uuid(payer.bits)])])
                    try await Self.waitForLock(in: database)
                    crossings.add()
                    let error = await settling
                    guard case .database(let cause)? = error else { throw StorageError.unreadable("\(error as Any)") }
                    #expect(cause.sqlState == "40P01" && cause.isTransient)
                    _ = try await locking
                    throw Undone()
                }
            } catch is Undone {}
            #expect(try await database.number("SELECT count(*) FROM claims") == 0)
            let plan = try await fixture.claims.decide(claims, removing: [])
            #expect(plan.codes == [.insufficientFunds, .paymentLinkNotFound])
            #expect(try await database.number("SELECT count(*) FROM claims") == 2)
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
                        group.addTask { try await fixture.claims.decide(claims, removing: []).codes }
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
                            let codes = try await fixture.claims.decide(claims, removing: []).codes
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

    @Test("A wallet that fills up meanwhile gets no more than it can hold")
    func filledUp() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let (payer, payee) = (try await fixture.wallet(funds: 2_000), try await fixture.wallet())
            let claims = try await fixture.links(2, to: payee).map { fixture.claim($0.slug, by: .wallet(payer)) }
            let decisions = Decisions()
            let plan = try await Self.settle(
                claims, while: "pending = \(Int64.max - 1_500)", of: payee, fixture, counting: decisions)
            #expect(plan.codes == [nil, .amountExceedsRailLimit])
            #expect(decisions.count == 2 && plan.isSecond)
            #expect(try await fixture.balance(of: payer).available == 1_000)
        }
    }

    @Test("A wallet's entries stand in the order of their effect, and its time does not go back")
    func order() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let (payer, payee) = (try await fixture.wallet(funds: 500), try await fixture.wallet())
            let claim = fixture.claim(try await fixture.link(to: payee, cents: 500).slug, by: .wallet(payer))
            try await database.pool.withTransaction { other in
                let touch = Statement("test_touch", "UPDATE wallets SET available = available WHERE id = $1")
                _ = try await other.run([Query(touch, [.uuid(payer.bits)])])
                async let settling = fixture.claims.decide([claim], removing: [])
                try await Self.waitForLock(in: database)
                try await Task.sleep(for: .milliseconds(50))
                let later = "UPDATE wallets SET updated_at = clock_timestamp() WHERE id = $1 RETURNING updated_at"
                _ = try await other.commit([Query(Statement("test_later", later), [.uuid(payer.bits)])])
                #expect(try await settling.codes == [nil])
            }
            let times = """
                SELECT count(*) FROM entries JOIN claims USING (transaction_id) JOIN wallets ON wallets.id = $1
                WHERE entries.created_at >= wallets.updated_at
                    AND entries.created_at > claims.created_at + interval '40 milliseconds'
                """
            #expect(try await database.number(times, [.uuid(payer.bits)]) == 2)
            let ids = try await database.execute(
                "SELECT id, (extract(epoch FROM created_at) * 1000000)::bigint FROM entries WHERE wallet_id = $1",
                [.uuid(payer.bits)])
            for row in ids.rows {
                #expect(ULID(bits: try row.uuid(0)).milliseconds == (try row.int64(1)) / 1_000)
            }
        }
    }

    @Test("What was published goes with the batch, be it decided twice")
    func published() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let payer = try await fixture.wallet(funds: 1_000)
            let claim = fixture.claim(try await fixture.link(to: try await fixture.wallet()).slug, by: .wallet(payer))
            let ids = try await database.execute("SELECT id FROM outbox").rows.map { ULID(bits: try $0.uuid(0)) }
            #expect(!ids.isEmpty)
            let plan = try await Self.settle([claim], removing: ids, while: "available = 0", of: payer, fixture)
            #expect(plan.codes == [.insufficientFunds])
            #expect(try await database.number("SELECT count(*) FROM outbox") == 0)
        }
    }
}
