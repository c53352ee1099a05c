import PaymentLinks
import Storage
import TestSupport

/// Lines of every kind, good ones among bad ones, and how each must be answered.
struct BatchScene {
    struct Expected {
        let line: String
        let status: Int
        var code: String?
    }

    let creations: [Expected]
    let claims: [Expected]

    init(_ system: TestSystem) async throws {
        let payee = try await system.makeWallet("Payee")
        let stranger = try await system.makeWallet(of: try await system.makeOrganization())
        let good = Expected(line: BatchTests.creation(payee), status: 201)
        creations = [
            good, Expected(line: "{", status: 400, code: "INVALID_JSON"),
            Expected(line: "[]", status: 400, code: "VALIDATION_ERROR"),
            Expected(line: #"{"walletId":"\#(payee)","amount":"x"}"#, status: 400, code: "INVALID_AMOUNT"),
            Expected(line: BatchTests.creation(stranger), status: 404, code: "WALLET_NOT_FOUND"), good,
            Expected(line: String(repeating: " ", count: 65_536) + "{}", status: 413, code: "PAYLOAD_TOO_LARGE"),
            Expected(line: "nonsense", status: 400, code: "INVALID_JSON"), good,
        ]
        claims = try await Self.claims(system, payee: payee)
    }

    private static func claims(_ system: TestSystem, payee: WalletID) async throws -> [Expected] {
        let payer = try await system.makeWallet("Payer", funds: 2_500)
        let links = try await RaceTests.all(5) { _ in try await system.makeLink(to: payee) }
        func byPayer(_ index: Int, _ status: Int, _ code: String? = nil) -> Expected {
            Expected(line: BatchTests.walletClaim(payer, on: links[index].slug), status: status, code: code)
        }
        func by(_ body: String, _ slug: String, _ status: Int, _ code: String? = nil) -> Expected {
            Expected(line: BatchTests.claim(body, on: slug), status: status, code: code)
        }
        let unknown = String(repeating: "0", count: 20)
        return [
            byPayer(0, 200), Expected(line: "{}", status: 400, code: "VALIDATION_ERROR"),
            by(TestSystem.achClaim(), links[0].slug, 409, "LINK_ALREADY_CLAIMED"),
            by(TestSystem.achClaim(), unknown, 404, "PAYMENT_LINK_NOT_FOUND"),
            by(TestSystem.achClaim(), "x", 404, "PAYMENT_LINK_NOT_FOUND"), byPayer(1, 200),
            byPayer(2, 402, "INSUFFICIENT_FUNDS"), by(TestSystem.usdcClaim(), links[3].slug, 200),
            by(TestSystem.achClaim(), links[4].slug, 200),
            Expected(line: "nonsense", status: 400, code: "INVALID_JSON"),
        ]
    }
}
