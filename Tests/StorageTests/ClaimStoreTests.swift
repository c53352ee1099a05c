import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Settling batches of claims", .serialized)
struct ClaimStoreTests {
    private static func run(connections: Int = 2, _ body: (TestDatabase, Fixture) async throws -> Void) async throws {
        try await TestDatabase.run(connections: connections) { try await body($0, try await Fixture($0)) }
    }

    @Test("A batch of 256 claims of every method is written whole, and the books are right")
    func largeBatch() async throws {
        try await Self.run { (database, fixture) async throws in
            let payer = try await fixture.wallet(.usdc, funds: 50_000)
            let links = try await fixture.links(256, to: try await fixture.wallet())
            let payers: [ClaimRequest.Payer] = [
                .ach(sealedDestination: [1]), .usdc(sealedDestination: [2], chain: .base), .wallet(payer),
            ]
            let claims = links.enumerated().map { fixture.claim($1.slug, by: payers[$0 % 3]) }
            let plan = try await fixture.claims.decide(claims, removing: [])
            #expect(plan.answers.map(\.claimId) == claims.map(\.claimId))
            #expect(plan.codes.count { $0 == .insufficientFunds } == 35)
            #expect(plan.codes.count { $0 == nil } == 221)
            #expect(try await database.number("SELECT count(*) FROM claims") == 256)
            #expect(try await database.number("SELECT count(*) FROM transactions WHERE kind = 'CLAIM'") == 136)
            #expect(try await database.number("SELECT count(*) FROM offers") == 85)
            #expect(
                try await database.number(
                    "SELECT count(*) FROM claims WHERE status = 'REFUSED' AND sealed_destination IS NOT NULL") == 0)
            #expect(try await fixture.balance(of: payer).available == 0)
            #expect(try await database.breaches() == [])
        }
    }

    @Test("A redelivered batch is answered as before and writes nothing")
    func redelivered() async throws {
        try await Self.run { (database, fixture) async throws in
            let links = try await fixture.links(3, to: try await fixture.wallet())
            let key = Fixture.digest()
            let won = fixture.claim(links[0].slug, key: key)
            let alias = fixture.claim(links[0].slug, digest: won.digest, key: key)
            let claims = [
                won, alias, fixture.claim(links[0].slug), fixture.claim(Fixture.slug()),
                fixture.claim(links[1].slug, by: .usdc(sealedDestination: [9], chain: .polygon)),
            ]
            let first = try await fixture.claims.decide(claims, removing: [])
            #expect(first.codes == [nil, nil, .linkAlreadyClaimed, .paymentLinkNotFound, nil])
            let count =
                "SELECT (SELECT count(*) FROM claims) + (SELECT count(*) FROM job_results) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM entries) + (SELECT count(*) FROM idempotency_keys)"
            let rows = try await database.number(count)
            let again = try await fixture.claims.decide(claims, removing: [])
            #expect(again.isEmpty)
            #expect(again.answers.map(\.outcome) == first.answers.map(\.outcome))
            #expect(again.answers.map(\.isReplayed) == first.answers.map(\.isReplayed))
            #expect(try await database.number(count) == rows)
        }
    }

    @Test("A key is remembered between batches: the same request is answered, another one refused")
    func keys() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let first = fixture.claim(link.slug, key: Fixture.digest())
            let outcome = try await fixture.claims.decide([first], removing: []).answers[0].outcome
            let same = fixture.claim(link.slug, digest: first.digest, key: first.idempotencyKey)
            let other = fixture.claim(link.slug, key: first.idempotencyKey)
            let plan = try await fixture.claims.decide([same, other], removing: [])
            #expect(plan.answers[0].outcome == outcome && plan.answers[0].isReplayed)
            #expect(plan.codes == [nil, .idempotencyKeyReuse])
            #expect(try await database.breaches() == [])
        }
    }

    @Test("A link past its time by the database's clock is not claimable, whatever its status still says")
    func overdue() async throws {
        try await Self.run { (_, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            try await fixture.makeOverdue(link.linkId)
            #expect(try await fixture.claims.decide([fixture.claim(link.slug)], removing: []).codes == [.linkExpired])
            #expect(try await fixture.status(of: link) == .expired)
        }
    }

    @Test("Two workers that race for a link: one claim wins, the other is told")
    func race() async throws {
        try await Self.run(connections: 4) { (database, fixture) async throws in
            for link in try await fixture.links(30, to: try await fixture.wallet()) {
                async let first = fixture.claims.decide([fixture.claim(link.slug)], removing: []).codes
                async let second = fixture.claims.decide([fixture.claim(link.slug)], removing: []).codes
                let codes = try await [first, second]
                #expect(codes == [[nil], [.linkAlreadyClaimed]] || codes == [[.linkAlreadyClaimed], [nil]])
            }
            #expect(try await database.breaches() == [])
        }
    }

    @Test("Two workers that spend from one wallet spend no more than it has")
    func doubleSpending() async throws {
        try await Self.run(connections: 4) { (database, fixture) async throws in
            let payer = try await fixture.wallet(funds: 10_000)
            let links = try await fixture.links(20, to: try await fixture.wallet())
            let codes = try await withThrowingTaskGroup(of: [ErrorCode?].self) { group in
                for link in links {
                    group.addTask {
                        try await fixture.claims.decide([fixture.claim(link.slug, by: .wallet(payer))], removing: [])
                            .codes
                    }
                }
                return try await group.reduce([]) { $0 + $1 }
            }
            #expect(codes.count { $0 == nil } == 10 && codes.count { $0 == .insufficientFunds } == 10)
            #expect(try await fixture.balance(of: payer).available == 0)
            #expect(try await database.breaches() == [])
        }
    }

    @Test("What the broker has confirmed leaves the outbox with the next batch")
    func published() async throws {
        try await Self.run { (database, fixture) async throws in
            let links = try await fixture.links(2, to: try await fixture.wallet())
            let plan = try await fixture.claims.decide([fixture.claim(links[0].slug)], removing: [])
            let before = try await database.number("SELECT count(*) FROM outbox")
            #expect(plan.outbox.count == 2)
            _ = try await fixture.claims.decide([fixture.claim(links[1].slug)], removing: plan.outbox.map(\.id))
            #expect(try await database.number("SELECT count(*) FROM outbox") == before)
            #expect(
                try await database.number(
                    "SELECT count(*) FROM outbox WHERE id = ANY($1)", [.uuids(plan.outbox.map(\.id.bits))]) == 0)
        }
    }

    @Test("A claim is found at its address: won, refused, repeated; on another slug it is not")
    func lookup() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let won = fixture.claim(link.slug)
            let alias = fixture.claim(link.slug, digest: won.digest)
            let lost = fixture.claim(link.slug)
            let plan = try await fixture.claims.decide([won, alias, lost], removing: [])
            let lookup = ClaimLookup(pool: database.pool)
            for id in [won.claimId, alias.claimId] {
                guard case .won(let record) = try await lookup.find(id, on: link.slug) else {
                    throw Unexpected("not won")
                }
                #expect(ClaimOutcome.accepted(record.receipt) == plan.answers[0].outcome)
                #expect(record.status == .pending && record.linkStatus == .claimed)
            }
            guard case .refused(let refusal) = try await lookup.find(lost.claimId, on: link.slug) else {
                throw Unexpected("not refused")
            }
            #expect(refusal.code == .linkAlreadyClaimed)
            for (id, slug) in [
                (won.claimId, Fixture.slug()), (alias.claimId, Fixture.slug()), (ClaimID.mint(at: .now()), link.slug),
            ] {
                guard case .absent = try await lookup.find(id, on: slug) else {
                    throw Unexpected("found on another slug")
                }
            }
        }
    }
}
