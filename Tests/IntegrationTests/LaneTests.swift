import Testing
import TestSupport

/// The hot routes are answered in two ways, by how they are spelt; nobody shall see which.
@Suite(.serialized) struct LaneTests {
    /// A header that a plain request lacks, and that changes nothing.
    private static let detour = ["connection": "TE"]

    @Test func `both lanes answer alike, and count under the same routes`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            var (answers, details) = ([[Int]](), [String]())
            // The first request with a key looks it up, and so takes the detour however it is spelt.
            #expect(try await system.api.get("/v1/wallets").status == 200)
            let wallet = try await system.makeWallet()
            let body = #"{"walletId":"\#(wallet)","amount":"1.00","currency":"USD"}"#
            for headers in [[:], Self.detour] {
                let created = try await system.api.post("/v1/payment-links", body, headers: headers)
                let slug = try #require(created.json["slug"].string)
                let path = "/v1/payment-links/claim/\(slug)"
                let read = try await system.api.get(path, headers: headers)
                let claimed = try await system.api.post(path + "/claim", TestSystem.achClaim(), headers: headers)
                answers.append([created.status, read.status, claimed.status])
                details.append(read.text.replacing(slug, with: "SLUG"))
            }
            #expect(answers == [[201, 200, 200], [201, 200, 200]])
            #expect(details[0] == details[1])
            let metrics = try await system.gateway.operations.get("/metrics").text
            for route in ["", "/claim/{slug}", "/claim/{slug}/claim"].map({ "/v1/payment-links" + $0 }) {
                let count = "paylinks_http_request_duration_seconds_count{route=\"\(route)\"} 2"
                #expect(metrics.contains(count + "\n") || metrics.contains(count + ".0\n"), "\(route): \(metrics)")
            }
        }
    }
}
