import Jobs
import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// Money that was returned after it was spent, as wallets' owners see it over HTTP.
@Suite struct DebtTests {
    /// A wallet that owes 49.00: a bank payment of 50.00 settled, 49.00 of it were spent, and all was returned.
    private static func debtor(_ system: TestSystem) async throws -> WalletID {
        let debtor = try await system.makeWallet("Debtor")
        let link = try await system.makeLink(to: debtor, amount: "50.00")
        let id = try await settled(link, system)
        let spent = try await system.makeLink(to: try await system.makeWallet(), amount: "49.00")
        #expect(try await system.api.post(spent.claimPath, TestSystem.walletClaim(debtor)).status == 200)
        try await report(.returned, of: id, system)
        #expect(try await eventually { try await debt(of: debtor, system) == "49.00" })
        return debtor
    }

    private static func settled(_ link: TestSystem.Link, _ system: TestSystem) async throws -> ClaimID {
        let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
        let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
        try await report(.settled, of: id, system)
        let address = "/v1/payment-links/claim/\(link.slug)/claims/\(id)"
        #expect(try await eventually { try await system.api.get(address).json["status"].string == "SETTLED" })
        return id
    }

    private static func report(_ kind: SettlementOutcome.Kind, of id: ClaimID, _ system: TestSystem) async throws {
        try await system.publish([RedeliveryTests.outcome(kind, of: id, system)])
    }

    private static func debt(of wallet: WalletID, _ system: TestSystem) async throws -> String? {
        try await system.api.get("/v1/wallets/\(wallet)").json["debt"].string
    }

    /// What the feed has of the wallet's debt, oldest first, as "previous → new".
    private static func announced(of wallet: WalletID, _ system: TestSystem) async throws -> [String] {
        try await system.api.get("/v1/events?limit=100").json["data"].elements
            .filter { $0["event"].string == "wallet.debt_changed" }
            .map(\.["data"]).filter { $0["walletId"].string == "\(wallet)" }
            .map { "\($0["previousDebt"].string ?? "") → \($0["debt"].string ?? "")" }
    }

    @Test func `every credit pays a wallet's debt first, and entries, JSON, and events show it`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let debtor = try await Self.debtor(system)
            let payer = try await system.makeWallet(funds: 10_000)
            let byWallet = try await system.makeLink(to: debtor, amount: "9.00")
            #expect(try await system.api.post(byWallet.claimPath, TestSystem.walletClaim(payer)).status == 200)
            #expect(try await Self.debt(of: debtor, system) == "40.00")
            let funded = try await system.api.post("/v1/wallets/\(debtor)/fund", #"{"amount":"10.00"}"#)
            #expect(funded.json["newBalance"].string == "0.00")
            #expect(try await Self.debt(of: debtor, system) == "30.00")
            _ = try await Self.settled(try await system.makeLink(to: debtor, amount: "59.00"), system)
            let balance = try await system.api.get("/v1/wallets/\(debtor)/balance").json
            #expect(balance["available"].string == "29.00" && balance["debt"].string == "0.00")
            let entries = try await system.api.get("/v1/wallets/\(debtor)/transactions").json["data"].elements
                .filter { $0["account"].string == "WALLET_DEBT" }
                .map { "\($0["entryType"].string ?? "") \($0["direction"].string ?? "") \($0["amount"].string ?? "")" }
            #expect(
                entries == ["SETTLE CREDIT 30.00", "FUND CREDIT 10.00", "CLAIM CREDIT 9.00", "REVERSE DEBIT 49.00"])
            let events = ["0.00 → 49.00", "49.00 → 40.00", "40.00 → 30.00", "30.00 → 0.00"]
            #expect(try await eventually { try await Self.announced(of: debtor, system) == events })
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a settlement that pays a debt pays it once, delivered twice and after a worker was killed`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, processes in
            let debtor = try await Self.debtor(system)
            let link = try await system.makeLink(to: debtor, amount: "20.00")
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
            await processes[0].kill()
            for _ in 0..<3 { try await Self.report(.settled, of: id, system) }
            _ = try await system.start(.claimWorker)
            #expect(try await eventually { try await Self.debt(of: debtor, system) == "29.00" })
            #expect(try await system.isDrained([system.topology.outcomeQueue]))
            #expect(try await Self.debt(of: debtor, system) == "29.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a wallet in debt cannot pay, and only a key that may read its balance is shown why`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let debtor = try await Self.debtor(system)
            let link = try await system.makeLink(to: try await system.makeWallet(), amount: "1.00")
            let blind = KeyGrant(permissions: [.paymentsWrite])
            let keys: [(String, JSONValue)] = [
                (try #require(system.api.key), .text("49.00")), (try await system.key(blind), .null),
            ]
            for (key, debt) in keys {
                let answer = try await system.api.with(key: key).post(link.claimPath, TestSystem.walletClaim(debtor))
                #expect(answer.status == 402 && answer.errorCode == "INSUFFICIENT_FUNDS", "\(answer.text)")
                let details = answer.json["error"]["details"]
                #expect(details["debt"] == debt && details["balance"] == (debt == .null ? .null : .text("0.00")))
                #expect(details.names == ["walletId", "requested", "balance", "debt"])
                let batch = try await system.api.with(key: key).batch(
                    "/v1/payment-links/claims/batch", [BatchTests.walletClaim(debtor, on: link.slug)])
                #expect(batch.lines.map(\.errorCode) == ["INSUFFICIENT_FUNDS"])
                #expect(batch.answer.text.contains("49.00") == (debt != .null), "\(batch.answer.text)")
            }
            #expect(try await system.api.post("/v1/wallets/\(debtor)/fund", #"{"amount":"50.00"}"#).status == 200)
            #expect(try await system.api.post(link.claimPath, TestSystem.walletClaim(debtor)).status == 200)
        }
    }

    @Test func `a link whose settled money was returned reopens in the sandbox, and stays claimed where that is off`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let path = "/v1/organization"
            #expect(try await system.api.get(path).json["reopenAfterReturn"].boolean == true)
            for (choice, status) in [(true, "ACTIVE"), (false, "CLAIMED")] {
                let changed = try await system.api.patch(path, #"{"reopenAfterReturn":\#(choice)}"#)
                #expect(changed.status == 200 && changed.json["reopenAfterReturn"].boolean == choice)
                let link = try await system.makeLink(to: try await system.makeWallet())
                let id = try await Self.settled(link, system)
                try await Self.report(.returned, of: id, system)
                let address = "/v1/payment-links/claim/\(link.slug)/claims/\(id)"
                #expect(try await eventually { try await system.api.get(address).json["status"].string == "FAILED" })
                let shown = try await system.api.get("/v1/payment-links/\(link.id)").json
                #expect(shown["status"].string == status)
                #expect(shown["claim"]["status"].string == (choice ? nil : "FAILED"))
                let again = try await system.api.post(link.claimPath, TestSystem.achClaim(account: "990099"))
                #expect(again.status == (choice ? 200 : 409), "\(again.text)")
                let failed = try await system.rows(
                    "SELECT body FROM events WHERE type = 'payment_link.claim_failed' AND link_id = $1",
                    [.uuid(try #require(LinkID(link.id)).bits)])
                #expect(try failed.map { try $0.text(0).contains(#""status":"\#(status)""#) } == [true])
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `an organization chooses for each environment, with a key that reaches all wallets`() async throws {
        try await TestSystem.run([]) { system, _ in
            let live = system.api.with(
                key: try await TestSystem.makeKey(.production, of: system.organization, in: system.pool))
            let path = "/v1/organization"
            let production = try await live.get(path)
            #expect(production.json.names == ["id", "name", "displayName", "environment", "reopenAfterReturn"])
            #expect(production.json["reopenAfterReturn"].boolean == false, "off in production")
            #expect(try await live.patch(path, #"{"reopenAfterReturn":true}"#).status == 200)
            #expect(try await system.api.patch(path, #"{"reopenAfterReturn":false}"#).status == 200)
            #expect(try await live.get(path).json["reopenAfterReturn"].boolean == true)
            #expect(try await system.api.patch(path, #"{}"#).json["reopenAfterReturn"].boolean == false, "unchanged")
            let wrong = try await system.api.patch(path, #"{"reopenAfterReturn":"yes"}"#)
            #expect(
                wrong.status == 400
                    && wrong.json["error"]["details"]["fields"][0]["field"].string == "reopenAfterReturn")
            let wallet = try await system.makeWallet()
            let grants: [(KeyGrant, String)] = [
                (KeyGrant(permissions: [.paymentsWrite]), "PERMISSION_DENIED"),
                (KeyGrant(permissions: [.walletsWrite]), "PERMISSION_DENIED"),
                (KeyGrant(permissions: [.paymentsWrite, .walletsWrite], walletScope: [wallet]), "WALLET_OUT_OF_SCOPE"),
            ]
            for (grant, code) in grants {
                let key = try await system.key(grant)
                let answer = try await system.api.with(key: key).patch(path, #"{"reopenAfterReturn":true}"#)
                #expect(answer.status == 403 && answer.errorCode == code, "\(answer.text)")
            }
            let set = try await system.paylinks(
                "organizations", "set", "\(system.organization)", "--live", "--no-reopen-after-return", "--json")
            #expect(set.json["reopenAfterReturn"].boolean == false, "\(set.output)")
            #expect(try await live.get(path).json["reopenAfterReturn"].boolean == false)
        }
    }
}
