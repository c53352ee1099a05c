import Foundation
import PaymentLinks
import Storage
import Testing
import TestSupport

/// Misspelled fields and parameters are refused by name on every way through the gateway.
@Suite struct UnknownFieldTests {
    /// The fields that an answer names, with their codes.
    private static func problems(_ error: JSONValue) -> [String] {
        error["error"]["details"]["fields"].elements.map { "\($0["field"].string ?? "?") \($0["code"].string ?? "?")" }
    }

    /// A plain request takes the fast path, one with an origin the router.
    private static let ways: [[String: String]] = [[:], ["origin": "https://example.com"]]

    @Test func `a misspelled restriction never makes an unrestricted link`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let surplus = #""recipientRestriction":{"emails":["a@example.com"]},"expires_at":null"#
            let body = #"{"walletId":"\#(wallet)","amount":"1.00",\#(surplus)}"#
            let expected = ["recipientRestriction UNKNOWN_FIELD", "expires_at UNKNOWN_FIELD"]
            for headers in Self.ways {
                let answer = try await system.api.post("/v1/payment-links", body, headers: headers)
                #expect(answer.status == 400 && answer.errorCode == "VALIDATION_ERROR")
                #expect(Self.problems(answer.json) == expected)
                #expect(answer.text.contains("Did you mean recipientRestrictions?"))
            }
            let batch = try await system.api.batch("/v1/payment-links/batch", [body])
            #expect(batch.lines.map(\.status) == [400] && Self.problems(batch.lines[0].body) == expected)
            #expect(try await system.number("SELECT count(*) FROM payment_links") == 0)
        }
    }

    @Test func `a claim with a surplus or a misspelled member is refused, and the link stays ACTIVE`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 1_000, allowsPublicClaims: true)
            let link = try await system.makeLink(to: try await system.makeWallet())
            let inner = #"{"method":"wallet","destination":{"type":"WALLET","walletId":"\#(payer)","chain":"base"}}"#
            let outer = "\(TestSystem.walletClaim(payer).dropLast()),\"recipientEmial\":\"a@example.com\"}"
            for (body, field) in [(inner, "destination.chain"), (outer, "recipientEmial")] {
                for headers in Self.ways {
                    let answer = try await system.api.post(link.claimPath, body, headers: headers)
                    #expect(Self.problems(answer.json) == ["\(field) UNKNOWN_FIELD"], "\(answer.text)")
                }
                let line = "{\"slug\":\"\(link.slug)\",\(body.dropFirst())"
                let batch = try await system.api.batch("/v1/payment-links/claims/batch", [line])
                #expect(batch.lines.first.map { Self.problems($0.body) } == ["\(field) UNKNOWN_FIELD"])
            }
            #expect(try await system.api.get("/v1/payment-links/\(link.id)").json["status"].string == "ACTIVE")
            #expect(try await system.api.post(link.claimPath, TestSystem.walletClaim(payer)).status == 200)
        }
    }

    @Test func `every route refuses a parameter that it does not take`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let subjects = try await AccessSubjects(system)
            let routes = AccessTable(subjects: subjects).routes.filter { $0.name.contains(" /v1/") }
            #expect(routes.count > 30)
            for route in routes {
                let surplus = AccessRoute(
                    name: route.name, path: route.path + (route.path.contains("?") ? "&" : "?") + "metadata.order=A-17",
                    access: route.access, body: route.body, contentType: route.contentType)
                let answer = try await surplus.send(system.api.key, system)
                #expect(answer.status == 400, "\(route.name): \(answer.text)")
                #expect(Self.problems(answer.json) == ["metadata.order UNKNOWN_FIELD"], "\(route.name): \(answer.text)")
            }
            #expect(try await system.api.get("/v1/payment-links?limt=1").text.contains("Did you mean limit?"))
            #expect(try await system.api.get("/v1/payment-links?limit=1&limit=2").errorCode == "VALIDATION_ERROR")
        }
    }

    @Test func `a route without fields takes an empty object and no other`() async throws {
        try await TestSystem.run([]) { system, _ in
            let path = "/v1/wallets/\(try await system.makeWallet())/freeze"
            #expect(try await system.api.post(path, "{}").status == 200)
            let answer = try await system.api.post(path, #"{"reason":"audit"}"#)
            #expect(Self.problems(answer.json) == ["reason UNKNOWN_FIELD"])
        }
    }
}
