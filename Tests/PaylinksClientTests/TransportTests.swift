import AsyncHTTPClient
import Foundation
import PaylinksClient
import Synchronization
import Testing
import TestSupport

/// The client against a server that answers as each test says.
@Suite("How requests are sent")
struct TransportTests {
    private static let wallet = NewClaim(from: .wallet(id: "wal_1"))
    private static let claim = """
        {"claimId":"clm_1","transactionId":null,"slug":"abc","method":null,"status":"PROCESSING","amount":null,\
        "currency":null,"link":{"status":null},"instructions":null,"createdAt":null,"settledAt":null,"failure":null}
        """

    private static func refusal(_ status: Int, _ code: String) -> WebhookReceiver.Reply {
        .init(status, headers: ["request-id": "r1"], body: #"{"error":{"code":"\#(code)","message":"No."}}"#)
    }

    /// Answers one reply to a request, the last of them for good.
    private static func withServer(
        _ replies: [WebhookReceiver.Reply], timeout: Duration = .seconds(30),
        _ body: (PaylinksClient, WebhookReceiver, Pauses) async throws -> Void
    ) async throws {
        let server = try await WebhookReceiver.start { replies[min($0, replies.count - 1)] }
        let pauses = Pauses()
        let transport = Transport(
            baseURL: "http://127.0.0.1:\(server.port)", apiKey: "wg_test_x", timeout: timeout,
            policy: RetryPolicy(maxRetries: 4), httpClient: API.client, sleep: { pauses.add($0) })
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(PaylinksClient(transport: transport), server, pauses))
        } catch {
            outcome = .failure(error)
        }
        await server.stop()
        try outcome.get()
    }

    @Test("A claim is sent again under the same key, another claim under another")
    func keys() async throws {
        let replies = [Self.refusal(503, "QUEUE_UNAVAILABLE"), Self.refusal(500, ""), .init(202, body: Self.claim)]
        try await Self.withServer(replies) { client, server, pauses in
            #expect(try await client.paymentLinks.claim(slug: "abc", Self.wallet).status == .processing)
            let first = server.received.map { $0.header("idempotency-key") }
            #expect(first.count == 3 && Set(first).count == 1)
            #expect(first[0]?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            #expect(pauses.all.count == 2)
            _ = try await client.paymentLinks.claim(slug: "abc", Self.wallet)
            #expect(Set(server.received.map { $0.header("idempotency-key") }).count == 2)
            _ = try await client.paymentLinks.claim(slug: "abc", Self.wallet, idempotencyKey: "order-17")
            #expect(server.received.last?.header("idempotency-key") == "order-17")
        }
    }

    @Test("What has no key and makes something new is sent again only when it was refused at the door")
    func withoutKey() async throws {
        try await Self.withServer([Self.refusal(503, "DATABASE_UNAVAILABLE")]) { client, server, _ in
            await #expect(throws: PaylinksError.self) { try await client.webhooks.rotateSecret("hook_1") }
            #expect(server.received.count == 1)
            #expect(server.received[0].header("idempotency-key") == nil)
        }
        try await Self.withServer([Self.refusal(503, "OVERLOADED")]) { client, server, _ in
            await #expect(throws: PaylinksError.self) { try await client.webhooks.rotateSecret("hook_1") }
            #expect(server.received.count == 5)
        }
    }

    @Test("A refusal tells its code, its facts, its fields and the request's id")
    func refusals() async throws {
        let body = """
            {"error":{"code":"VALIDATION_ERROR","message":"Two.","details":{"walletId":"wal_1","fields":[
            {"field":"amount","code":"REQUIRED","message":"This."}]}}}
            """
        try await Self.withServer([.init(400, headers: ["request-id": "r1"], body: body)]) { client, _, _ in
            let error = await #expect(throws: PaylinksError.self) { try await client.wallets.get("wal_1") }
            let refusal = try #require(error?.refusal)
            #expect(refusal.kind == .validation && refusal.status == 400 && refusal.code == "VALIDATION_ERROR")
            #expect(refusal.details == ["walletId": "wal_1"])
            #expect(refusal.fields.map(\.field) == ["amount"])
            #expect(refusal.requestId == "r1")
        }
    }

    @Test("A deletion whose first answer was a fault is done when there is nothing left")
    func deletions() async throws {
        try await Self.withServer([Self.refusal(500, ""), Self.refusal(404, "WEBHOOK_NOT_FOUND")]) { client, _, _ in
            try await client.webhooks.delete("hook_1")
        }
        // What was refused at the door has deleted nothing.
        let answers = [Self.refusal(429, "RATE_LIMIT_EXCEEDED"), Self.refusal(404, "WEBHOOK_NOT_FOUND")]
        try await Self.withServer(answers) { client, _, _ in
            await #expect(throws: PaylinksError.self) { try await client.webhooks.delete("hook_1") }
        }
        try await Self.withServer([Self.refusal(404, "WEBHOOK_NOT_FOUND")]) { client, _, _ in
            await #expect(throws: PaylinksError.self) { try await client.webhooks.delete("hook_1") }
        }
    }

    @Test("No answer in time is not known yet; no server at all is told too")
    func silence() async throws {
        try await Self.withServer([.init(nil)], timeout: .milliseconds(50)) { client, _, pauses in
            await #expect(throws: PaylinksError.timedOut()) { try await client.wallets.get("wal_1") }
            // Where the machine is slow, a try may be over before its request has come.
            #expect(pauses.all.count == 4)
        }
        let nowhere = PaylinksClient(baseURL: "http://127.0.0.1:1", timeout: .seconds(3600), maxRetries: 0)
        let error = await #expect(throws: PaylinksError.self) { try await nowhere.paymentLinks.details(slug: "abc") }
        if case .noAnswer = error {} else { Issue.record("\(String(describing: error))") }
    }

    @Test("A cancelled task stops at once")
    func cancellation() async throws {
        try await Self.withServer([.init(nil)]) { client, server, _ in
            // Awaited below, once it is cancelled.
            let task = Task { try await client.wallets.get("wal_1") }
            _ = try await eventually { !server.received.isEmpty }
            task.cancel()
            await #expect(throws: PaylinksError.cancelled()) { try await task.value }
        }
    }

    @Test("An answer whose body never ends is not known in time", .timeLimit(.minutes(1)))
    func endlessBody() async throws {
        let cut = WebhookReceiver.Reply(202, body: Self.claim, isWhole: false)
        try await Self.withServer([cut], timeout: .milliseconds(200)) { client, _, pauses in
            let error = await #expect(throws: PaylinksError.self) {
                try await client.paymentLinks.claim(slug: "abc", Self.wallet, idempotencyKey: "k")
            }
            #expect(error == .timedOut(idempotencyKeys: ["k"]))
            #expect(pauses.all.count == 4)
        }
    }

    @Test(
        "An error tells the key of what may have been done, and of nothing else",
        arguments: [
            ([refusal(503, "QUEUE_UNAVAILABLE")], true), ([.init(200, body: "{}")], true), ([.init(nil)], true),
            ([refusal(500, ""), refusal(401, "UNAUTHORIZED")], true), ([refusal(409, "IDEMPOTENCY_IN_PROGRESS")], true),
            ([refusal(402, "INSUFFICIENT_FUNDS")], false), ([refusal(429, "RATE_LIMIT_EXCEEDED")], false),
        ] as [([WebhookReceiver.Reply], Bool)])
    func keysOfErrors(_ replies: [WebhookReceiver.Reply], _ isTold: Bool) async throws {
        try await Self.withServer(replies, timeout: .milliseconds(500)) { client, server, _ in
            let error = await #expect(throws: PaylinksError.self) {
                try await client.paymentLinks.claim(slug: "abc", Self.wallet)
            }
            let sent = try #require(server.received.last?.header("idempotency-key"))
            #expect(error?.idempotencyKey == (isTold ? sent : nil))
            await #expect(throws: PaylinksError.self) { try await client.webhooks.rotateSecret("hook_1") }
        }
    }

    @Test("A cancelled claim tells its key, whether it waited for an answer or for its next try")
    func cancelledClaims() async throws {
        for reply in [.init(nil), Self.refusal(500, "")] {
            let server = try await WebhookReceiver.start { _ in reply }
            let transport = Transport(
                baseURL: "http://127.0.0.1:\(server.port)", apiKey: nil, timeout: .seconds(30),
                policy: RetryPolicy(maxRetries: 1), httpClient: API.client,
                sleep: { _ in try await Task.sleep(for: .seconds(30)) })
            let links = PaylinksClient(transport: transport).paymentLinks
            // Awaited below, once it is cancelled.
            let task = Task { try await links.claim(slug: "abc", Self.wallet, idempotencyKey: "k") }
            _ = try await eventually { !server.received.isEmpty }
            task.cancel()
            await #expect(throws: PaylinksError.cancelled(idempotencyKeys: ["k"])) { try await task.value }
            await server.stop()
        }
    }

    @Test("A proxy's 429 is waited for and sent again where that is safe, and nowhere else")
    func proxies() async throws {
        let busy = WebhookReceiver.Reply(429, headers: ["retry-after": "2"], body: "Slow down.")
        try await Self.withServer([busy, .init(202, body: Self.claim)]) { client, _, pauses in
            _ = try await client.paymentLinks.claim(slug: "abc", id: "clm_1")
            #expect(pauses.all.count == 1 && pauses.all[0] >= .seconds(2))
        }
        let past = WebhookReceiver.Reply(429, headers: ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"])
        try await Self.withServer([past]) { client, server, _ in
            let error = await #expect(throws: PaylinksError.self) { try await client.webhooks.rotateSecret("hook_1") }
            #expect(error?.refusal?.retryAfter == .zero)
            #expect(server.received.count == 1)
        }
    }

    @Test("Addresses, queries and preferences are spelt as the API wants them")
    func spelling() async throws {
        try await Self.withServer([.init(200, body: #"{"data":[],"cursor":null,"hasMore":false}"#)]) {
            client, server, _ in
            _ = try await client.paymentLinks.list(walletId: "wal_1", status: .active, limit: 5)
            _ = try await client.events.list(after: "c1&x", wait: .seconds(7))
            _ = try? await client.paymentLinks.claim(slug: "a/b", id: "clm_1", wait: .zero)
            #expect(
                server.received.map(\.target) == [
                    "/v1/payment-links?walletId=wal_1&status=ACTIVE&limit=5", "/v1/events?cursor=c1%26x",
                    "/v1/payment-links/claim/a%2Fb/claims/clm_1",
                ])
            #expect(server.received[1].header("prefer") == "wait=7")
            #expect(server.received[2].header("prefer") == "respond-async")
            #expect(server.received[0].header("authorization") == "Bearer wg_test_x")
        }
    }

    @Test("Items come page by page, and no page is asked for before it is needed")
    func pages() async throws {
        let event = #"{"id":"evt_N","event":"e","timestamp":"2026-04-01T00:00:00.123Z","organizationId":"o","data":{}}"#
        let pages = [
            #"{"data":[\#(event),\#(event)],"cursor":"c2","hasMore":true}"#,
            #"{"data":[\#(event)],"cursor":"c3","hasMore":false}"#,
        ]
        try await Self.withServer(pages.map { .init(200, body: $0) }) { client, server, _ in
            var iterator = client.events.all(pageSize: 2).makeAsyncIterator()
            _ = try await iterator.next()
            let second = try await iterator.next()
            let time = try #require(second?.timestamp.timeIntervalSince1970)
            #expect(abs(time - 1_775_001_600.123) < 0.000_5)
            #expect(server.received.count == 1)
            _ = try await iterator.next()
            #expect(try await iterator.next() == nil)
            #expect(server.received.map(\.target) == ["/v1/events?limit=2", "/v1/events?limit=2&cursor=c2"])
        }
    }
}

/// The pauses that a client would have made.
final class Pauses: Sendable {
    private let made = Mutex<[Duration]>([])

    var all: [Duration] { made.withLock { $0 } }

    func add(_ pause: Duration) { made.withLock { $0.append(pause) } }
}
