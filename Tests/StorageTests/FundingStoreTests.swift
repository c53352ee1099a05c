import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Funding wallets", .serialized)
struct FundingStoreTests {
    private static let amount = Money(minorUnits: 500, currency: .usd)

    private static func run(_ body: (Fixture, WalletID) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            try await body(fixture, try await fixture.wallet())
            #expect(try await database.breaches() == [])
        }
    }

    private static func describe(_ outcome: FundingStore.Outcome) -> String {
        switch outcome {
        case .answered(.made(let receipt), let messages): "made \(receipt.newBalance), \(messages.count) message"
        case .answered(.replayed(let receipt), let messages):
            "replayed \(receipt.newBalance), \(messages.count) messages"
        case .answered(.keyReused, _): "key reused"
        case .walletFrozen: "frozen"
        case .balanceTooLarge: "too large"
        case .walletNotFound: "not found"
        }
    }

    @Test("Each funding adds up, and tells")
    func adds() async throws {
        try await Self.run { (fixture, wallet) async throws in
            for total in ["5.00", "10.00"] {
                let outcome = try await fixture.funding.fund(
                    wallet, organization: fixture.organization, amount: Self.amount, idempotency: nil)
                #expect(Self.describe(outcome) == "made \(total), 1 message")
            }
            #expect(try await fixture.balance(of: wallet) == WalletBalance(available: 1_000))
        }
    }

    @Test("A key repeats the first answer, and refuses another body")
    func keys() async throws {
        try await Self.run { (fixture, wallet) async throws in
            let key = IdempotencyReference(key: Fixture.digest(), request: Fixture.digest())
            let other = IdempotencyReference(key: key.key, request: Fixture.digest())
            var answers: [String] = []
            for reference in [key, nil, key, other] {
                let outcome = try await fixture.funding.fund(
                    wallet, organization: fixture.organization, amount: Self.amount, idempotency: reference)
                answers.append(Self.describe(outcome))
            }
            #expect(
                answers == ["made 5.00, 1 message", "made 10.00, 1 message", "replayed 5.00, 0 messages", "key reused"])
        }
    }

    @Test("Twenty equal requests at once fund once")
    func atOnce() async throws {
        try await Self.run { (fixture, wallet) async throws in
            let key = IdempotencyReference(key: Fixture.digest(), request: Fixture.digest())
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        Self.describe(
                            try await fixture.funding.fund(
                                wallet, organization: fixture.organization, amount: Self.amount, idempotency: key))
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(answers == ["made 5.00, 1 message": 1, "replayed 5.00, 0 messages": 19])
            #expect(try await fixture.balance(of: wallet).available == 500)
        }
    }

    @Test("A frozen, a full, a foreign and an unknown wallet are not funded")
    func refused() async throws {
        try await Self.run { (fixture, wallet) async throws in
            func fund(_ id: WalletID, _ organization: OrganizationID, _ units: Int64 = 500) async throws -> String {
                let amount = Money(minorUnits: units, currency: .usd)
                return Self.describe(
                    try await fixture.funding.fund(id, organization: organization, amount: amount, idempotency: nil))
            }
            #expect(try await fund(wallet, .mint(at: .now())) == "not found")
            #expect(try await fund(.mint(at: .now()), fixture.organization) == "not found")
            #expect(try await fund(wallet, fixture.organization, .max) == "made 92233720368547758.07, 1 message")
            #expect(try await fund(wallet, fixture.organization, 1) == "too large")
            _ = try await WalletStore(pool: fixture.database.pool).setFrozen(
                true, wallet, organization: fixture.organization)
            #expect(try await fund(wallet, fixture.organization) == "frozen")
        }
    }
}
