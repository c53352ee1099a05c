import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// Wallets, links and keys, and every claim on them that must be refused.
struct RefusalScene {
    let system: TestSystem
    let payee: WalletID
    let payer: WalletID
    let frozen: WalletID
    let poor: WalletID
    let openAndPoor: WalletID

    /// A claim that must be refused, and how.
    struct Refused {
        let path: String
        let body: String
        let key: String?
        let status: Int
        let code: String
        let details: [String: String?]

        /// Claims twice: once waiting for the word, and once leaving it to be read.
        func check(_ system: TestSystem) async throws {
            let api = system.api.with(key: key)
            let answer = try await api.post(path, body)
            #expect(answer.status == status, "\(code) \(body): \(answer.text)")
            #expect(answer.errorCode == code, "\(body): \(answer.text)")
            WrongRequest.checkEnvelope(answer, of: body)
            let found = answer.json["error"]["details"]
            #expect(found == Self.json(details), "\(answer.text)")
            let address = try await system.claimWithoutWaiting(at: path, body, key: key)
            for _ in 0..<2 {
                let again = try await system.api.with(key: nil).get(address, headers: ["prefer": "wait=10"])
                #expect(again.status == status, "\(code): \(again.text)")
                check(again.json["error"], against: answer.json["error"])
            }
        }

        private static func json(_ details: [String: String?]) -> JSONValue {
            details.isEmpty ? .null : .object(details.mapValues { $0.map(JSONValue.text) ?? .null })
        }

        /// A claim's address is public, and shows all but what a wallet holds and owes.
        private func check(_ shown: JSONValue, against error: JSONValue) {
            guard details["balance"] != nil else { return #expect(shown == error) }
            var shownToAll = details
            for name in ["balance", "debt"] { shownToAll[name] = .some(nil) }
            #expect(shown["code"] == error["code"] && shown["message"] == error["message"])
            #expect(shown["details"] == Self.json(shownToAll))
        }
    }

    init(_ system: TestSystem) async throws {
        self.system = system
        payee = try await system.makeWallet("Payee")
        payer = try await system.makeWallet("Payer", funds: 100_000)
        frozen = try await system.makeWallet("Frozen", funds: 100_000)
        poor = try await system.makeWallet("Poor", funds: 999)
        openAndPoor = try await system.makeWallet("Open", funds: 999, allowsPublicClaims: true)
        _ = try await system.api.send("POST", "/v1/wallets/\(frozen)/freeze")
    }

    func refusals() async throws -> [Refused] {
        try await lifecycle() + recipients() + wallets() + authority() + amounts()
    }

    /// What every wallet of the scene holds.
    func balances() async throws -> [String] {
        try await system.rows("SELECT id::text || available || '/' || pending FROM wallets ORDER BY id").map {
            try $0.text(0)
        }
    }

    private func refused(
        _ link: TestSystem.Link, _ body: String, _ status: Int, _ code: String, key: String?? = .none,
        _ details: [String: String?] = [:]
    ) -> Refused {
        Refused(
            path: link.claimPath, body: body, key: key ?? system.api.key, status: status, code: code, details: details)
    }

    private var byPayer: String { TestSystem.walletClaim(payer) }

    // MARK: - Links

    private func lifecycle() async throws -> [Refused] {
        let cancelled = try await system.makeLink(to: payee)
        _ = try await system.api.patch("/v1/payment-links/\(cancelled.id)")
        let expired = try await system.makeLink(to: payee)
        try await system.moveEnd(of: [expired])
        let claimed = try await system.makeLink(to: payee)
        let pending = TestSystem.achClaim(account: "7654329999")
        #expect(try await system.api.post(claimed.claimPath, pending).status == 200)
        return [
            refused(cancelled, byPayer, 409, "LINK_CANCELLED"),
            refused(expired, byPayer, 410, "LINK_EXPIRED"),
            refused(claimed, byPayer, 409, "LINK_ALREADY_CLAIMED"),
            refused(claimed, TestSystem.achClaim(), 409, "LINK_ALREADY_CLAIMED", key: .some(nil)),
        ]
    }

    private func recipients() async throws -> [Refused] {
        let emails = #""emails":["payer@example.com"]"#
        let wallets = #""walletIds":["\#(payer)"]"#
        let code = "RECIPIENT_NOT_ALLOWED"
        let byEmail = try await system.makeLink(to: payee, #""recipientRestrictions":{\#(emails)}"#)
        let byWallet = try await system.makeLink(to: payee, #""recipientRestrictions":{\#(wallets)}"#)
        let byBoth = try await system.makeLink(to: payee, #""recipientRestrictions":{\#(emails),\#(wallets)}"#)
        return [
            refused(byEmail, byPayer, 403, code),
            refused(byEmail, TestSystem.walletClaim(payer, email: "other@example.com"), 403, code),
            refused(byWallet, TestSystem.achClaim(), 403, code),
            refused(byWallet, TestSystem.usdcClaim(), 403, code),
            refused(byWallet, TestSystem.walletClaim(poor), 403, code),
            refused(byBoth, byPayer, 403, code),
            refused(byBoth, TestSystem.walletClaim(poor, email: "payer@example.com"), 403, code),
            refused(byBoth, TestSystem.achClaim(), 403, code),
        ]
    }

    // MARK: - Wallets

    private func wallets() async throws -> [Refused] {
        let link = try await system.makeLink(to: payee)
        let own = try await system.makeLink(to: payer)
        let absent = WalletID.mint(at: .now())
        return [
            refused(
                link, TestSystem.walletClaim(poor), 402, "INSUFFICIENT_FUNDS",
                ["walletId": "\(poor)", "balance": "9.99", "debt": "0.00", "requested": "10.00"]),
            // Whoever has no authority over a wallet is not told what it holds.
            refused(
                link, TestSystem.walletClaim(openAndPoor), 402, "INSUFFICIENT_FUNDS", key: .some(nil),
                ["walletId": "\(openAndPoor)", "balance": nil, "debt": nil, "requested": "10.00"]),
            refused(link, TestSystem.walletClaim(frozen), 403, "WALLET_FROZEN", ["walletId": "\(frozen)"]),
            refused(own, byPayer, 422, "SELF_CLAIM"),
            refused(link, TestSystem.walletClaim(absent), 401, "WALLET_AUTHORIZATION_REQUIRED"),
        ]
    }

    private func authority() async throws -> [Refused] {
        let link = try await system.makeLink(to: payee)
        let live = try await TestSystem.makeKey(.production, of: system.organization, in: system.pool)
        let stranger = try await system.makeOrganization(.mint(at: .now()))
        let scoped = KeyGrant(permissions: [.paymentsWrite], walletScope: [poor])
        let keys = [
            nil, live, try await TestSystem.makeKey(.sandbox, of: stranger, in: system.pool),
            try await key(KeyGrant(permissions: [.paymentsRead, .walletsWrite])), try await key(scoped),
        ]
        let absent = TestSystem.walletClaim(.mint(at: .now()))
        return keys.map { refused(link, byPayer, 401, "WALLET_AUTHORIZATION_REQUIRED", key: .some($0)) }
            + [refused(link, absent, 401, "WALLET_AUTHORIZATION_REQUIRED", key: .some(nil))]
            + [refused(try await liveLink(live), byPayer, 403, "ENVIRONMENT_MISMATCH")]
    }

    private func liveLink(_ key: String) async throws -> TestSystem.Link {
        let wallet = try await system.makeWallet("Live", environment: .production)
        return try TestSystem.Link(
            try await system.api.with(key: key).post(
                "/v1/payment-links", #"{"walletId":"\#(wallet)","amount":"10.00"}"#))
    }

    private func key(_ grant: KeyGrant) async throws -> String {
        try await TestSystem.makeKey(.sandbox, of: system.organization, in: system.pool, grant: grant)
    }

    // MARK: - Amounts

    private func amounts() async throws -> [Refused] {
        let usdc = try await system.makeWallet("USDC", currency: .usdc)
        let tiny = try await system.makeLink(to: usdc, amount: "0.001", currency: "USDC")
        let huge = try await system.makeLink(to: payee, amount: "1000000.01")
        return [
            refused(tiny, TestSystem.achClaim(), 422, "AMOUNT_NOT_REPRESENTABLE"),
            refused(tiny, byPayer, 422, "AMOUNT_NOT_REPRESENTABLE"),
            refused(huge, TestSystem.achClaim(), 422, "AMOUNT_EXCEEDS_RAIL_LIMIT", ["limit": "1000000.00"]),
        ]
    }
}

extension TestSystem {
    /// A wallet claim that says who claims.
    static func walletClaim(_ payer: WalletID, email: String) -> String {
        #"{"method":"wallet","destination":{"type":"WALLET","walletId":"\#(payer)"},"recipientEmail":"\#(email)"}"#
    }

    /// Claims without waiting for the outcome, and returns the claim's address.
    func claimWithoutWaiting(_ link: Link, _ body: String) async throws -> String {
        try await claimWithoutWaiting(at: link.claimPath, body, key: api.key)
    }

    func claimWithoutWaiting(at path: String, _ body: String, key: String?) async throws -> String {
        let answer = try await api.with(key: key).post(path, body, headers: ["prefer": "respond-async"])
        guard answer.status == 202, answer.json["status"].string == "PROCESSING",
            let address = answer.header("location")
        else { throw Unexpected(answer: answer) }
        #expect(answer.header("preference-applied") == "respond-async")
        return address
    }
}
