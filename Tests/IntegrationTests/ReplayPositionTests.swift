import PaymentLinks
import Postgres
import Storage
import TestSupport
import Testing

/// Where a replay goes on.
@Suite(.serialized) struct ReplayPositionTests {
    @Test func `a replay comes to its end with more events of one instant than one call sends`() async throws {
        try await TestSystem.run([]) { system, _ in
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook", #""events":["wallet.funded"]"#)
            let count = DeliveryStore.replayLimit + 50
            _ = try await system.rows(
                """
                INSERT INTO events (id, organization_id, environment, type, body, created_at)
                SELECT ('018f0000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid, $1, 'SANDBOX',
                    'wallet.funded', '{}', now()
                FROM generate_series(1, $2::bigint) AS number
                """, [.uuid(system.organization.bits), .int64(Int64(count))])
            var since = "2024-01-01T00:00:00Z"
            var sent: [Int] = []
            for _ in 0..<5 {
                let answer = try await system.api.post("/v1/webhooks/\(hook.id)/replay", #"{"since":"\#(since)"}"#)
                #expect(answer.status == 202)
                sent.append(answer.json["replayed"].integer ?? -1)
                #expect(answer.json["hasMore"].boolean == (answer.json["nextSince"].string != nil))
                guard let next = answer.json["nextSince"].string else { break }
                #expect(next != since)
                since = next
            }
            #expect(sent == [DeliveryStore.replayLimit, 50])
            #expect(try await system.number("SELECT count(*) FROM webhook_deliveries") == count)
        }
    }

    @Test(arguments: [
        #"{"since":"evt_1"}"#, #"{"since":"yesterday"}"#, #"{"since":7}"#, "{}",
    ])
    func `a start that is neither a time nor an event is refused by name`(body: String) async throws {
        try await TestSystem.run([]) { system, _ in
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook")
            let answer = try await system.api.post("/v1/webhooks/\(hook.id)/replay", body)
            #expect((answer.status, answer.errorCode) == (400, "VALIDATION_ERROR"))
            #expect(answer.json["error"]["details"]["fields"][0]["field"].string == "since")
        }
    }
}
