import PaymentLinks
import Postgres
import Storage
import Synchronization
import Testing

@Suite("Wallets in debt", .serialized)
struct DebtStoreTests {
    /// Counts how often something was decided.
    private final class Counter: Sendable {
        private let value = Atomic(0)
        var count: Int { value.load(ordering: .relaxed) }
        func add() { value.add(1, ordering: .relaxed) }
    }

    /// Runs `body` on a wallet that owes 1,000 cents, and one that has 5,000.
    private static func run(
        _ body: (TestDatabase, Fixture, _ debtor: WalletID, _ payer: WalletID) async throws -> Void
    ) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let debtor = try await fixture.debtor(owing: 1_000)
            try await body(database, fixture, debtor, try await fixture.wallet(funds: 5_000))
            #expect(try await database.breaches() == [])
        }
    }

    /// The wallet's entries of both accounts, oldest first.
    private static func entries(of wallet: WalletID, in database: TestDatabase) async throws -> [String] {
        let page = try await TransactionStore(pool: database.pool).entries(
            of: wallet, PageRequest(limit: 100, after: nil))
        return page.items.reversed().map { "\($0.step.rawValue) \($0.account) \($0.amount.minorUnits)" }
    }

    @Test("Every kind of credit pays the debt first, and the wallet's entries and events show it")
    func everyCredit() async throws {
        try await Self.run { (database, fixture, debtor, payer) async throws in
            func balance() async throws -> WalletBalance { try await fixture.balance(of: debtor) }
            #expect(try await balance() == WalletBalance(debt: 1_000))
            let byWallet = fixture.claim(try await fixture.link(to: debtor, cents: 300).slug, by: .wallet(payer))
            #expect(try await fixture.claims.decide([byWallet], removing: []).codes == [nil])
            #expect(try await balance() == WalletBalance(debt: 700))
            guard
                case .answered(.made(let receipt), let messages) = try await fixture.funding.fund(
                    debtor, organization: fixture.organization, amount: Money(minorUnits: 200, currency: .usd),
                    idempotency: nil)
            else { return #expect(Bool(false), "the wallet is funded") }
            #expect(receipt.newBalance.minorUnits == 0)
            #expect(messages.map(\.topic).contains(.event(.walletDebtChanged)))
            #expect(try await balance() == WalletBalance(debt: 500))
            let byBank = fixture.claim(try await fixture.link(to: debtor, cents: 800).slug)
            #expect(try await fixture.claims.decide([byBank], removing: []).codes == [nil])
            #expect(try await balance() == WalletBalance(pending: 800, debt: 500))
            _ = try await fixture.settlements.apply([fixture.outcome(.settled, of: byBank.claimId)], removing: [])
            #expect(try await balance() == WalletBalance(available: 300))
            let entries = try await Self.entries(of: debtor, in: database).suffix(5)
            #expect(
                entries.prefix(3) == [
                    "REVERSE WALLET_DEBT -1000", "CLAIM WALLET_DEBT 300", "FUND WALLET_DEBT 200",
                ])
            #expect(Set(entries.suffix(2)) == ["SETTLE WALLET_DEBT 500", "SETTLE WALLET 300"])
            let events = "SELECT count(*) FROM events WHERE type = 'wallet.debt_changed'"
            #expect(try await database.number(events) == 4)
            _ = try await fixture.settlements.apply([fixture.outcome(.returned, of: byBank.claimId)], removing: [])
            #expect(try await balance() == WalletBalance(debt: 500), "300 were there, and 500 are owed again")
        }
    }

    @Test("A settlement that is applied twice pays the debt once")
    func redelivered() async throws {
        try await Self.run { (_, fixture, debtor, _) async throws in
            let claim = fixture.claim(try await fixture.link(to: debtor, cents: 400).slug)
            _ = try await fixture.claims.decide([claim], removing: [])
            let outcome = fixture.outcome(.settled, of: claim.claimId)
            for _ in 0..<2 { _ = try await fixture.settlements.apply([outcome, outcome], removing: []) }
            #expect(try await fixture.balance(of: debtor) == WalletBalance(debt: 600))
            let funded = IdempotencyReference(key: Fixture.digest(), request: Fixture.digest())
            for _ in 0..<2 {
                _ = try await fixture.funding.fund(
                    debtor, organization: fixture.organization, amount: Money(minorUnits: 100, currency: .usd),
                    idempotency: funded)
            }
            #expect(try await fixture.balance(of: debtor) == WalletBalance(debt: 500))
        }
    }

    @Test("A wallet in debt cannot pay until its debt is paid, and a batch sees that in order")
    func spending() async throws {
        try await Self.run { (_, fixture, debtor, payer) async throws in
            let (incoming, outgoing) = (
                try await fixture.link(to: debtor, cents: 1_100), try await fixture.link(to: payer, cents: 100)
            )
            let spend = { fixture.claim(outgoing.slug, by: .wallet(debtor)) }
            let plan = try await fixture.claims.decide(
                [spend(), fixture.claim(incoming.slug, by: .wallet(payer)), spend()], removing: [])
            #expect(plan.codes == [.insufficientFunds, nil, nil])
            #expect(try await fixture.balance(of: debtor) == WalletBalance())
        }
    }

    /// What happens to the payee between the decision and its writing; it owes 1,000 and gets 600 and 700.
    private static let changes: [(change: String, decisions: Int)] = [
        ("updated_at = clock_timestamp()", 1), ("debt = debt + 1", 2), ("debt = debt - 1", 2), ("debt = 0", 2),
    ]

    @Test("A payee's debt that changes after it was read is paid as it then is", arguments: changes)
    func changedMeanwhile(row: (change: String, decisions: Int)) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let debtor = try await fixture.debtor(owing: 1_000)
            let payer = try await fixture.wallet(funds: 5_000)
            var claims: [ClaimRequest] = []
            for cents in [600, 700] {
                claims.append(
                    fixture.claim(try await fixture.link(to: debtor, cents: Int64(cents)).slug, by: .wallet(payer)))
            }
            let decisions = Counter()
            let plan = try await Self.settle(claims, while: row.change, of: debtor, fixture) { decisions.add() }
            #expect(plan.codes == [nil, nil])
            #expect(decisions.count == row.decisions && plan.isSecond == (row.decisions == 2))
            let owed = try await database.number(
                "SELECT coalesce(sum(amount), 0)::bigint FROM entries WHERE account = 'WALLET_DEBT' AND step = 'CLAIM'")
            let balance = try await fixture.balance(of: debtor)
            #expect(balance.debt == 0 && balance.available == 1_300 - Int64(owed))
            #expect(try await database.breaches().isSubset(of: ["balances_agree_with_entries"]))
        }
    }

    /// Settles claims that were decided before a wallet is changed, and are written after that.
    private static func settle(
        _ claims: [ClaimRequest], while assignment: String, of wallet: WalletID, _ fixture: Fixture,
        deciding: @escaping @Sendable () -> Void
    ) async throws -> ClaimPlan {
        try await fixture.database.pool.withTransaction { other in
            let change = Statement(
                "test_\(UInt64.random(in: 0 ... .max))", "UPDATE wallets SET \(assignment) WHERE id = $1")
            _ = try await other.run([Query(change, [.uuid(wallet.bits)])])
            async let settling = fixture.claims.decide(claims, removing: [], beforeCommit: deciding)
            let waiting = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """
            while try await fixture.database.number(waiting) == 0 { try await Task.sleep(for: .milliseconds(5)) }
            _ = try await other.commit([])
            return try await settling
        }
    }

    @Test("The database refuses money beside a debt")
    func rule() async throws {
        try await Self.run { (database, fixture, debtor, _) async throws in
            let refusal = try await database.refusal(
                of: "UPDATE wallets SET available = 1 WHERE id = $1", [.uuid(debtor.bits)])
            #expect(refusal == "wallets_pay_debts_first")
        }
    }

    @Test("A link whose settled money was returned reopens as its organization has chosen, in each environment")
    func reopening() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let organizations = OrganizationStore(pool: database.pool)
            for environment in [Environment.sandbox, .production] {
                let record = try #require(try await organizations.find(fixture.organization, in: environment))
                #expect(record.reopensAfterReturn == (environment == .sandbox), "on in the sandbox, off in production")
            }
            let choices: [(Bool?, LinkStatus)] = [(nil, .active), (false, .claimed), (true, .active)]
            for (choice, status) in choices {
                let changed = try await organizations.change(
                    fixture.organization, in: .sandbox, reopensAfterReturn: choice)
                #expect(changed?.reopensAfterReturn == (status == .active))
                let link = try await fixture.link(to: try await fixture.wallet())
                let claim = fixture.claim(link.slug)
                _ = try await fixture.claims.decide([claim], removing: [])
                let outcomes = [SettlementOutcome.Kind.settled, .returned].map {
                    fixture.outcome($0, of: claim.claimId)
                }
                _ = try await fixture.settlements.apply(outcomes, removing: [])
                #expect(try await fixture.status(of: link) == status)
                let again = fixture.claim(link.slug, digest: claim.digest)
                #expect(
                    try await fixture.claims.decide([again], removing: []).codes
                        == [status == .active ? nil : .linkAlreadyClaimed])
            }
            let production = try #require(try await organizations.find(fixture.organization, in: .production))
            #expect(!production.reopensAfterReturn, "another environment's choice")
            #expect(try await database.breaches() == [])
        }
    }
}
