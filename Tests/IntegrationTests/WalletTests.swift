import Jobs
import PaymentLinks
import Postgres
import RabbitMQ
import Storage
import Testing
import TestSupport

/// Wallets, lists and the ledger, as their owners see them over HTTP.
@Suite struct WalletTests {
    private static let walletFields: Set = [
        "id", "organizationId", "name", "agentName", "environment", "status", "balance", "debt", "currency", "metadata",
        "allowPublicClaims", "createdAt", "updatedAt",
    ]

    @Test func `a wallet is made, shown, changed, frozen and released, with the same fields each time`() async throws {
        try await TestSystem.run([]) { system, _ in
            let made = try await system.api.post(
                "/v1/wallets",
                #"{"name":"Till","agentName":"Bot","currency":"USDC","metadata":{"shop":1},"allowPublicClaims":true}"#)
            #expect(made.status == 201 && made.json.names == Self.walletFields)
            let id = try #require(made.json["id"].string)
            let path = "/v1/wallets/\(id)"
            #expect(made.header("location") == path)
            #expect(try await system.api.get(path).json == made.json)
            #expect(made.json["status"].string == "ACTIVE" && made.json["balance"].string == "0.00")
            let changed = try await system.api.patch(
                path, #"{"name":"Other","agentName":null,"metadata":{},"allowPublicClaims":false}"#)
            #expect(changed.status == 200 && changed.json.names == Self.walletFields)
            #expect(changed.json["name"].string == "Other" && changed.json["agentName"] == .null)
            #expect(changed.json["allowPublicClaims"].boolean == false && changed.json["metadata"].names.isEmpty)
            for (verb, status) in [("freeze", "FROZEN"), ("freeze", "FROZEN"), ("unfreeze", "ACTIVE")] {
                let answer = try await system.api.send(
                    "POST", "\(path)/\(verb)", headers: ["content-type": "application/json"])
                #expect(
                    answer.status == 200 && answer.json["status"].string == status, "a type without a body is taken")
            }
            let balance = try await system.api.get("\(path)/balance")
            #expect(balance.json.names == ["walletId", "balance", "available", "pending", "debt", "currency"])
        }
    }

    @Test func `lists go from new to old, page by page, and end`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            var wallets: [String] = []
            for number in 0..<5 { wallets.append("\(try await system.makeWallet("\(number)"))") }
            let wallet = try #require(WalletID(wallets[0]))
            var links: [String] = []
            for _ in 0..<5 { links.append(try await system.makeLink(to: wallet).id) }
            for _ in 0..<5 { _ = try await system.api.post("/v1/wallets/\(wallet)/fund", #"{"amount":"1.00"}"#) }
            #expect(try await Self.pages("/v1/wallets?limit=2", system) == wallets.sorted(by: >))
            #expect(try await Self.pages("/v1/payment-links?limit=2", system) == links.sorted(by: >))
            let entries = try await Self.pages("/v1/wallets/\(wallet)/transactions?limit=2", system)
            #expect(entries.count == 5 && Set(entries).count == 5)
            for path in ["/v1/wallets", "/v1/payment-links", "/v1/api-keys"] {
                let page = try await system.api.get(path)
                #expect(page.json.names == ["data", "cursor", "hasMore"])
            }
            let many = try await RaceTests.all(25) { _ in try await system.makeLink(to: wallet) }
            #expect(many.count == 25)
            let page = try await system.api.get("/v1/payment-links")
            #expect(page.json["data"].elements.count == 20 && page.json["hasMore"].boolean == true, "20 unless asked")
        }
    }

    @Test func `links are listed by wallet and by the status that they read as`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (wallet, other) = (try await system.makeWallet(), try await system.makeWallet())
            let active = try await system.makeLink(to: wallet)
            let cancelled = try await system.makeLink(to: wallet)
            _ = try await system.api.patch("/v1/payment-links/\(cancelled.id)")
            let claimed = try await system.makeLink(to: wallet)
            _ = try await system.api.post(claimed.claimPath, TestSystem.achClaim())
            let expired = try await system.makeLink(to: wallet)
            try await system.moveEnd(of: [expired])
            _ = try await system.makeLink(to: other)
            let words = [("ACTIVE", active), ("CANCELLED", cancelled), ("CLAIMED", claimed), ("EXPIRED", expired)]
            for (status, link) in words {
                let isListed = try await eventually {
                    try await Self.pages("/v1/payment-links?walletId=\(wallet)&status=\(status)", system) == [link.id]
                }
                #expect(isListed, "\(status)")
            }
            #expect(try await Self.pages("/v1/payment-links?walletId=\(wallet)", system).count == 4)
        }
    }

    @Test func `what a rail works on is a hold, and a transaction's entries sum to zero`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee, amount: "12.50")
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
            let transaction = "/v1/transactions/\(claim.json["transactionId"].string ?? "")"
            #expect(try await system.api.get(transaction).json["status"].string == "PENDING")
            let holds = "/v1/wallets/\(payee)/holds"
            #expect(try await system.api.get(holds + "?status=PENDING").json["data"].elements.count == 1)
            #expect(try await system.balance(of: payee) == ("0.00", "12.50"))
            let steps: [(SettlementOutcome.Kind, String, String)] = [
                (.settled, "RELEASED", "POSTED"), (.returned, "REVERSED", "REVERSED"),
            ]
            for (kind, hold, status) in steps {
                try await system.publish([RedeliveryTests.outcome(kind, of: id, system)])
                let isResolved = try await eventually {
                    try await system.api.get("\(holds)?status=\(hold)").json["data"].elements.count == 1
                }
                #expect(isResolved, "\(hold)")
                let shown = try await system.api.get(transaction)
                #expect(shown.json["status"].string == status)
                #expect(Self.sum(shown.json["entries"].elements) == 0)
            }
            let entries = try await system.api.get("/v1/wallets/\(payee)/transactions").json["data"].elements
            let fields: Set = [
                "id", "walletId", "amount", "direction", "description", "entryType", "relatedTransactionId",
                "createdAt",
            ]
            #expect(!entries.isEmpty && entries.allSatisfy { $0.names.isSuperset(of: fields) })
        }
    }

    @Test func `sandbox money has a limit, and is for the sandbox`() async throws {
        try await TestSystem.run([]) { system, _ in
            let wallet = try await system.makeWallet()
            let path = "/v1/wallets/\(wallet)/fund"
            let funded = try await system.api.post(path, #"{"amount":"10000.00"}"#)
            #expect(funded.status == 200 && funded.json["newBalance"].string == "10000.00")
            #expect(funded.json.names.isSuperset(of: ["transactionId", "walletId", "amount", "newBalance"]))
            let number = try await system.api.post("/v1/sandbox/fund", #"{"walletId":"\#(wallet)","amount":1.5}"#)
            #expect(number.json["newBalance"].string == "10001.50")
            for amount in [#""10000.01""#, "1", #""-1.00""#, #""0""#] {
                let answer = try await system.api.post(path, #"{"amount":\#(amount)}"#)
                #expect(answer.status == 400 && answer.errorCode == "INVALID_AMOUNT", "\(amount): \(answer.text)")
            }
            let live = system.api.with(
                key: try await TestSystem.makeKey(.production, of: system.organization, in: system.pool))
            let refused = try await live.post(path, #"{"amount":"1.00"}"#)
            #expect(refused.status == 403 && refused.errorCode == "SANDBOX_ONLY")
        }
    }

    @Test func `a wait is as long as its caller prefers, and its end is no failure`() async throws {
        try await TestSystem.run([]) { system, _ in
            let maker = try await system.start(.claimWorker)
            let links = try await RaceTests.all(3) { _ in try await system.makeLink(to: try await system.makeWallet()) }
            await maker.stop()
            let waits: [(String, Duration, Duration)] = [
                ("respond-async", .zero, .seconds(5)), ("wait=1", .seconds(1), .seconds(6)),
                ("wait=0", .zero, .seconds(5)),
            ]
            for ((preference, shortest, longest), link) in zip(waits, links) {
                let start = ContinuousClock.now
                let answer = try await system.api.post(
                    link.claimPath, TestSystem.achClaim(), headers: ["prefer": preference])
                let waited = ContinuousClock.now - start
                #expect(answer.status == 202 && answer.json["status"].string == "PROCESSING", "\(answer.text)")
                #expect(answer.header("preference-applied") == preference)
                #expect(answer.header("location")?.contains("/claims/clm_") == true)
                #expect(waited >= shortest && waited < longest, "\(preference): \(waited)")
            }
        }
    }

    @Test func `a caller's trace travels with its job`() async throws {
        try await TestSystem.run([]) { system, _ in
            let maker = try await system.start(.claimWorker)
            let link = try await system.makeLink(to: try await system.makeWallet())
            await maker.stop()
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let answer = try await system.api.post(
                link.claimPath, TestSystem.achClaim(),
                headers: ["prefer": "respond-async", "traceparent": "00-\(trace)-00f067aa0ba902b7-01"])
            #expect(answer.status == 202)
            let carried = try await system.withAdministration { administration in
                try await administration.get(queue: system.topology.claimQueue)?.headers["traceparent"]
            }
            guard case .string(let text)? = carried else { throw TestSystem.Unexpected(answer: answer) }
            #expect(text.hasPrefix("00-\(trace)-") && text.hasSuffix("-01"))
        }
    }

    @Test func `a worker's log names a settled job under its caller's trace, at debug level and at no other`()
        async throws
    {
        try await TestSystem.run([]) { system, _ in
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            for (level, isTold) in [("info", false), ("debug", true)] {
                let worker = try await system.start(.claimWorker, ["PAYLINKS_LOG_LEVEL": level])
                let link = try await system.makeLink(to: try await system.makeWallet())
                let answer = try await system.api.post(
                    link.claimPath, TestSystem.achClaim(), headers: ["traceparent": "00-\(trace)-00f067aa0ba902b7-01"])
                let id = try #require(answer.json["claimId"].string)
                await worker.stop()
                let line = await worker.logText.split(separator: "\n").first { $0.contains(id) }
                #expect((line != nil) == isTold)
                #expect(line?.contains(#""trace_id":"\#(trace)""#) ?? true, "\(line ?? "")")
            }
        }
    }

    /// The ids of all pages, following the cursors.
    private static func pages(_ path: String, _ system: TestSystem) async throws -> [String] {
        var ids: [String] = []
        var cursor: String?
        repeat {
            let mark = path.contains("?") ? "&" : "?"
            let page = try await system.api.get(path + (cursor.map { "\(mark)cursor=\($0)" } ?? ""))
            ids += page.json["data"].elements.compactMap { $0["id"].string }
            cursor = page.json["cursor"].string
            #expect((cursor != nil) == (page.json["hasMore"].boolean ?? false))
        } while cursor != nil && ids.count < 1_000
        return ids
    }

    /// In cents, credits less debits.
    private static func sum(_ entries: [JSONValue]) -> Int {
        entries.reduce(0) { sum, entry in
            let cents = Int((entry["amount"].string ?? "").filter { $0 != "." }) ?? 0
            return sum + (entry["direction"].string == "CREDIT" ? cents : -cents)
        }
    }
}
