import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("The audit", .serialized)
struct AuditTests {
    /// Fills a database with links, claims and money in every state there is.
    private static func populate(_ database: TestDatabase) async throws {
        let fixture = try await Fixture(database)
        let payee = try await fixture.wallet()
        let payer = try await fixture.wallet(.usdc, funds: 5_000)
        let names = [
            "paid", "settled", "failed", "reversed", "pending", "cancelled", "expired", "refused", "untouched",
            "offered",
        ]
        var links: [String: LinkCreation] = [:]
        for name in names {
            // Money of every link but the reversed one stays in the payee's wallet; that one's is spent first.
            links[name] = try await fixture.link(to: name == "reversed" ? payer : payee)
            try await database.execute(
                "UPDATE payment_links SET description = $2 WHERE id = $1",
                [.uuid(links[name]?.linkId.bits), .text(name)])
        }
        try await claim(links, payer: payer, fixture)
        _ = try await fixture.debtor(owing: 300)
        try await returnToOrganization(fixture)
        try await end(links, fixture)
    }

    private static func claim(_ links: [String: LinkCreation], payer: WalletID, _ fixture: Fixture) async throws {
        func settle(_ name: String, by payer: ClaimRequest.Payer) async throws -> ClaimID {
            let claim = fixture.claim(try #require(links[name]).slug, by: payer)
            _ = try await fixture.claims.decide([claim], removing: [])
            return claim.claimId
        }
        let ach = ClaimRequest.Payer.ach(sealedDestination: [1])
        let outcomes: [(String, [SettlementOutcome.Kind])] = [
            ("settled", [.submitted, .settled]), ("failed", [.failed]), ("reversed", [.settled]), ("pending", []),
        ]
        var reversed: ClaimID?
        for (name, kinds) in outcomes {
            let id = try await settle(name, by: ach)
            if name == "reversed" { reversed = id }
            _ = try await fixture.settlements.apply(kinds.map { fixture.outcome($0, of: id) }, removing: [])
        }
        try await offer(links, fixture)
        _ = try await settle("refused", by: .wallet(WalletID.mint(at: .now())))
        let spending = try await fixture.link(to: try await fixture.wallet(), cents: 5_500)
        _ = try await fixture.claims.decide([fixture.claim(spending.slug, by: .wallet(payer))], removing: [])
        _ = try await fixture.settlements.apply([fixture.outcome(.returned, of: try #require(reversed))], removing: [])
        _ = try await fixture.funding.fund(
            payer, organization: fixture.organization, amount: Money(minorUnits: 20_000_000, currency: .usdc),
            idempotency: nil)
        _ = try await settle("paid", by: .wallet(payer))
    }

    /// Returns settled money of a link that stays CLAIMED, as its organization has chosen.
    private static func returnToOrganization(_ fixture: Fixture) async throws {
        let organizations = OrganizationStore(pool: fixture.database.pool)
        _ = try await organizations.change(fixture.organization, in: .sandbox, reopensAfterReturn: false)
        let claim = fixture.claim(try await fixture.link(to: try await fixture.wallet()).slug)
        _ = try await fixture.claims.decide([claim], removing: [])
        let outcomes = [SettlementOutcome.Kind.settled, .returned].map { fixture.outcome($0, of: claim.claimId) }
        _ = try await fixture.settlements.apply(outcomes, removing: [])
        _ = try await organizations.change(fixture.organization, in: .sandbox, reopensAfterReturn: true)
    }

    /// Makes an offer that is open, one that is underpaid, and one that is released.
    private static func offer(_ links: [String: LinkCreation], _ fixture: Fixture) async throws {
        let slug = try #require(links["offered"]).slug
        let offers = (0..<3).map { _ in fixture.claim(slug, by: .usdc(sealedDestination: [2], chain: .base)) }
        _ = try await fixture.claims.decide(offers, removing: [])
        let underpaid = SettlementOutcome(
            settlementId: offers[1].claimId, kind: .settled, code: nil, reason: nil, reference: "0x1:0",
            occurredAt: .now(), baseUnits: 1)
        _ = try await fixture.settlements.apply([underpaid], removing: [])
        let releases = ReleaseStore(pool: fixture.database.pool)
        _ = try await releases.release(offers[2].claimId, on: slug, digest: offers[2].digest)
    }

    private static func end(_ links: [String: LinkCreation], _ fixture: Fixture) async throws {
        _ = try await CancellationStore(pool: fixture.database.pool).cancel(
            try #require(links["cancelled"]).linkId, organization: fixture.organization, environment: .sandbox,
            walletScope: nil)
        try await fixture.makeOverdue(try #require(links["expired"]).linkId)
        _ = try await ExpiryStore(pool: fixture.database.pool).expireDue(limit: 10)
    }

    @Test("Right books pass every check, empty ones too")
    func clean() async throws {
        try await TestDatabase.run { (database) async throws in
            #expect(try await database.breaches() == [])
            try await Self.populate(database)
            #expect(try await database.breaches() == [])
            for status in ["PENDING", "SETTLED", "FAILED", "REFUSED", "AWAITING_PAYMENT", "CANCELLED"] {
                #expect(try await database.number("SELECT count(*) FROM claims WHERE status = $1", [.text(status)]) > 0)
            }
            for status in ["PENDING", "POSTED", "FAILED", "REVERSED"] {
                #expect(
                    try await database.number("SELECT count(*) FROM transactions WHERE status = $1", [.text(status)])
                        > 0)
            }
            #expect(try await database.number("SELECT count(*) FROM wallets WHERE debt > 0") == 1)
        }
    }

    @Test("Each planted breach is found, by its own check and by no other")
    func breaches() async throws {
        // One full database, of which every breach gets a copy of its own.
        let template = "storage_template_\(UInt64.random(in: 0 ... .max))"
        try await TestDatabase.run(named: template) { (database) async throws in
            try await Self.populate(database)
        } afterwards: {
            for breach in Breach.all {
                try await TestDatabase.run(template: template, connections: 1) { (database) async throws in
                    for statement in breach.statements { try await database.execute(statement) }
                    let found = try await AuditStore(pool: database.pool).audit().filter { $0.breachCount > 0 }
                    #expect(found.map(\.check.name) == [breach.rule], "\(breach)")
                    #expect(found.allSatisfy { !$0.samples.isEmpty && $0.samples.count <= 10 }, "\(breach)")
                    for sample in found.flatMap(\.samples) {
                        #expect(
                            sample.wholeMatch(of: /(lnk|clm|txn|ent|evt|wal)_[0-9A-HJKMNP-TV-Z]{26}/) != nil,
                            "\(sample)")
                    }
                }
            }
        }
    }

    @Test("There is a planted breach for every check")
    func complete() {
        #expect(Set(Breach.all.map(\.rule)) == Set(AuditCheck.all.map(\.name)))
    }
}
