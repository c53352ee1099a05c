import Jobs
import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// The same request again: the first outcome again, on each of the four routes, for as long as it is kept.
@Suite struct IdempotencyTests {
    /// A request that may be repeated, and what it makes.
    private struct Repeatable {
        let path: String
        /// Without its closing brace.
        let members: String
        let status: Int
        let count: String

        var body: String { members + "}" }

        func body(key: String) -> String { members + #","idempotencyKey":"\#(key)"}"# }
    }

    private static func repeatables(_ system: TestSystem) async throws -> [Repeatable] {
        let payee = try await system.makeWallet("Payee")
        let payer = try await system.makeWallet("Payer", funds: 10_000)
        let link = try await system.makeLink(to: payee)
        return [
            Repeatable(
                path: "/v1/payment-links", members: #"{"walletId":"\#(payee)","amount":"1.00""#, status: 201,
                count: "SELECT count(*) FROM payment_links"),
            Repeatable(
                path: link.claimPath, members: String(TestSystem.walletClaim(payer).dropLast()), status: 200,
                count: "SELECT count(*) FROM claims"),
            Repeatable(
                path: "/v1/wallets", members: #"{"name":"A""#, status: 201, count: "SELECT count(*) FROM wallets"),
            Repeatable(
                path: "/v1/wallets/\(payee)/fund", members: #"{"amount":"1.00""#, status: 200,
                count: "SELECT count(*) FROM transactions WHERE kind = 'FUNDING'"),
        ]
    }

    @Test func `50 equal requests at once have one effect and 50 equal answers, on each route`() async throws {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            for request in try await Self.repeatables(system) {
                let before = try await system.number(request.count)
                let answers = try await RaceTests.all(50) { _ in
                    try await system.api.post(request.path, request.body, headers: ["idempotency-key": "same"])
                }
                #expect(answers.allSatisfy { $0.status == request.status }, "\(request.path): \(answers.map(\.status))")
                #expect(Set(answers.map(\.text)).count == 1, "\(request.path)")
                #expect(answers.count { $0.header("idempotent-replayed") == "true" } == 49, "\(request.path)")
                #expect(try await system.number(request.count) == before + 1, "\(request.path)")
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `the key may stand in the body as well as in the header, on each route`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            for request in try await Self.repeatables(system) {
                let first = try await system.api.post(request.path, request.body(key: "key-1"))
                #expect(first.status == request.status, "\(request.path): \(first.text)")
                #expect(first.header("idempotent-replayed") == nil)
                let again = try await system.api.post(request.path, request.body(key: "key-1"))
                let byHeader = try await system.api.post(
                    request.path, request.body, headers: ["idempotency-key": "key-1"])
                for answer in [again, byHeader] {
                    #expect(answer.text == first.text, "\(request.path)")
                    #expect(answer.header("idempotent-replayed") == "true", "\(request.path)")
                }
                let both = try await system.api.post(
                    request.path, request.body(key: "key-1"), headers: ["idempotency-key": "key-2"])
                #expect(both.status == 400 && both.errorCode == "VALIDATION_ERROR", "\(request.path): \(both.text)")
            }
        }
    }

    @Test func `a key is another key for another organization, environment, route and link`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let requests = try await Self.repeatables(system)
            let key = ["idempotency-key": "shared"]
            for request in requests {
                let answer = try await system.api.post(request.path, request.body, headers: key)
                #expect(
                    answer.status == request.status && answer.header("idempotent-replayed") == nil, "\(answer.text)")
            }
            let other = try await system.makeOrganization()
            let keys = [
                try await TestSystem.makeKey(.sandbox, of: other, in: system.pool),
                try await TestSystem.makeKey(.production, of: system.organization, in: system.pool),
            ]
            for stranger in keys {
                let answer = try await system.api.with(key: stranger).post(
                    "/v1/wallets", #"{"name":"A"}"#, headers: key)
                #expect(answer.status == 201 && answer.header("idempotent-replayed") == nil)
            }
        }
    }

    @Test
    func `a creation is repeated after its expiry too, and one that is late from the start is refused by its field`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let expiry = Timestamp.now().advanced(by: .seconds(2))
            let body = #"{"walletId":"\#(payee)","amount":"1.00","expiresAt":"\#(expiry.iso8601)"}"#
            let first = try await system.api.post("/v1/payment-links", body, headers: ["idempotency-key": "in time"])
            #expect(first.status == 201, "\(first.text)")
            while Timestamp.now() <= expiry { try await Task.sleep(for: .milliseconds(100)) }

            let again = try await system.api.post("/v1/payment-links", body, headers: ["idempotency-key": "in time"])
            #expect(again.status == 201 && again.text == first.text, "\(again.text)")
            #expect(again.header("idempotent-replayed") == "true")

            let withoutKey = try await system.api.post("/v1/payment-links", body)
            #expect(withoutKey.status == 400)
            for _ in 0..<2 {
                let late = try await system.api.post("/v1/payment-links", body, headers: ["idempotency-key": "late"])
                #expect(late.status == 400 && late.text == withoutKey.text, "\(late.text)")
                #expect(late.header("idempotent-replayed") == nil)
            }
            let inTime = #"{"walletId":"\#(payee)","amount":"1.00"}"#
            let corrected = try await system.api.post("/v1/payment-links", inTime, headers: ["idempotency-key": "late"])
            #expect(corrected.status == 201, "a request that is wrong in itself binds no key: \(corrected.text)")
            #expect(try await system.number("SELECT count(*) FROM payment_links") == 2)
        }
    }

    @Test func `what still runs is 409 for those who will not wait, and the first outcome later`() async throws {
        try await TestSystem.run([]) { system, _ in
            let maker = try await system.start(.claimWorker)
            let link = try await system.makeLink(to: try await system.makeWallet())
            await maker.stop()
            let headers = ["idempotency-key": "slow", "prefer": "wait=30"]
            async let first = system.api.post(link.claimPath, TestSystem.achClaim(), headers: headers)
            let impatient = ["idempotency-key": "slow", "prefer": "respond-async"]
            let published = try await eventually {
                let metrics = try await system.gateway.operations.get("/metrics").text
                return try await system.depth(of: system.topology.claimQueue) == 1 && !metrics.isEmpty
            }
            #expect(published)
            let running = try await system.api.post(link.claimPath, TestSystem.achClaim(), headers: impatient)
            #expect(running.status == 409, "\(running.text)")
            #expect(running.errorCode == "IDEMPOTENCY_IN_PROGRESS")
            #expect(running.header("retry-after") == "1")
            let other = try await system.api.post(
                link.claimPath, TestSystem.achClaim(account: "9876543"), headers: impatient)
            #expect(other.status == 202, "another body is another request, and its worker will refuse the key")
            let worker = try await system.start(.claimWorker)
            let outcome = try await first
            #expect(outcome.status == 200)
            let again = try await system.api.post(
                link.claimPath, TestSystem.achClaim(), headers: impatient.merging(["prefer": "wait=20"]) { $1 })
            #expect(again.text == outcome.text)
            #expect(again.header("idempotent-replayed") == "true")
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status <> 'REFUSED'") == 1)
            await worker.kill()
        }
    }

    @Test func `a key is kept for as long as is configured, and pruned after`() async throws {
        let settings = ["PAYLINKS_IDEMPOTENCY_RETENTION": "1d"]
        try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
            let requests = try await Self.repeatables(system)
            for key in ["young", "old"] {
                for request in requests where !request.path.hasSuffix("/claim") {
                    _ = try await system.api.post(request.path, request.body, headers: ["idempotency-key": key])
                }
            }
            let all = try await system.number("SELECT count(*) FROM idempotency_keys")
            #expect(all == 6)
            _ = try await system.rows(
                """
                UPDATE idempotency_keys SET created_at = created_at - interval '24 hours 1 minute'
                WHERE key IN (SELECT key FROM idempotency_keys ORDER BY created_at DESC LIMIT 3)
                """)
            let pruner = try await system.start(.expiryWorker)
            let isPruned = try await eventually {
                try await system.number("SELECT count(*) FROM idempotency_keys") == 3
            }
            #expect(isPruned, "the old ones alone")
            await pruner.kill()
            for request in requests where !request.path.hasSuffix("/claim") {
                let young = try await system.api.post(request.path, request.body, headers: ["idempotency-key": "young"])
                #expect(young.header("idempotent-replayed") == "true", "\(request.path)")
                let old = try await system.api.post(request.path, request.body, headers: ["idempotency-key": "old"])
                #expect(old.status == request.status && old.header("idempotent-replayed") == nil, "\(request.path)")
            }
        }
    }
}
