import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// PATCH changes what an ACTIVE link says of itself, and nothing else.
@Suite struct LinkChangeTests {
    @Test func `description, expiry and metadata of an ACTIVE link change, each by itself`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(
                to: try await system.makeWallet(), #""description":"Tea","metadata":{"order":17}"#)
            let path = "/v1/payment-links/\(link.id)"
            let described = try await system.api.patch(path, #"{"description":"Coffee"}"#)
            #expect(described.status == 200 && described.json["description"].string == "Coffee")
            #expect(described.json["metadata"]["order"].number == 17 && described.json["status"].string == "ACTIVE")
            #expect((described.json["updatedAt"].string ?? "") >= (link.json["updatedAt"].string ?? "z"))
            let timed = try await system.api.patch(path, #"{"expiresAt":"2030-01-01T00:00:00.123456789+01:00"}"#)
            #expect(timed.json["expiresAt"].string == "2029-12-31T23:00:00.123Z")
            let marked = try await system.api.patch(path, #"{"metadata":{"n":1234567890123456789},"description":null}"#)
            #expect(marked.text.contains("1234567890123456789") && marked.json["metadata"]["order"] == .null)
            #expect(marked.json["description"] == .null && marked.json["expiresAt"] == timed.json["expiresAt"])
            let details = try await system.api.get("/v1/payment-links/claim/\(link.slug)")
            #expect(details.json["description"] == .null)
            let endless = try await system.api.patch(path, #"{"expiresAt":null,"metadata":null}"#)
            #expect(endless.json["expiresAt"] == .null && endless.json["metadata"].names.isEmpty)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a link that is not ACTIVE cannot be changed`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let (claimed, cancelled) = (try await system.makeLink(to: wallet), try await system.makeLink(to: wallet))
            let expired = try await system.makeLink(to: wallet)
            _ = try await system.api.post(claimed.claimPath, TestSystem.achClaim())
            _ = try await system.api.patch("/v1/payment-links/\(cancelled.id)")
            try await system.moveEnd(of: [expired], to: .seconds(-1))
            for (link, status) in [(claimed, "CLAIMED"), (cancelled, "CANCELLED"), (expired, "EXPIRED")] {
                let body = #"{"description":"New","expiresAt":"2035-01-01T00:00:00Z"}"#
                let answer = try await system.api.patch("/v1/payment-links/\(link.id)", body)
                #expect(answer.status == 409 && answer.errorCode == "LINK_NOT_ACTIVE", "\(status): \(answer.text)")
                let read = try await system.api.get("/v1/payment-links/\(link.id)")
                #expect(read.json["description"] == .null && read.json["status"].string == status)
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a changed expiry takes effect, both when it comes earlier and when it comes later`() async throws {
        try await TestSystem.run([.claimWorker, .expiryWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            func end(in seconds: Int64) -> String {
                #"{"expiresAt":"\#(Timestamp.now().advanced(by: .seconds(seconds)).iso8601)"}"#
            }
            let (sooner, later) = (try await system.makeLink(to: wallet), try await system.makeLink(to: wallet))
            try await system.moveEnd(of: [later], to: .seconds(2))
            #expect(try await system.api.patch("/v1/payment-links/\(later.id)", end(in: 3_600)).status == 200)
            #expect(try await system.api.patch("/v1/payment-links/\(sooner.id)", end(in: 2)).status == 200)
            let expired = try await eventually {
                try await system.number("SELECT count(*) FROM payment_links WHERE status = 'EXPIRED'") == 1
            }
            #expect(expired)
            #expect(try await system.api.get("/v1/payment-links/\(sooner.id)").json["status"].string == "EXPIRED")
            // The schedule passes over the time that the other link had.
            let overdue = "SELECT count(*) FROM link_expirations WHERE expires_at < clock_timestamp()"
            let passed = try await eventually { try await system.number(overdue) == 0 }
            #expect(passed)
            #expect(try await system.api.get("/v1/payment-links/\(later.id)").json["status"].string == "ACTIVE")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `of a change and a claim that meet, the change comes first or not at all`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let payer = try await system.makeWallet(funds: 100_000)
            for number in 0..<10 {
                let link = try await system.makeLink(to: payee)
                async let claim = system.api.post(link.claimPath, TestSystem.walletClaim(payer))
                async let change = system.api.patch("/v1/payment-links/\(link.id)", #"{"description":"\#(number)"}"#)
                let (claimed, changed) = try await (claim, change)
                #expect(claimed.status == 200, "\(claimed.text)")
                #expect([200, 409].contains(changed.status), "\(changed.text)")
                let description = try await system.api.get("/v1/payment-links/\(link.id)").json["description"].string
                #expect(description == (changed.status == 200 ? "\(number)" : nil))
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `another organization, environment or scope changes nothing`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let stranger = try await system.makeOrganization()
            let foreign = try await TestSystem.makeKey(.sandbox, of: stranger, in: system.pool)
            let live = try await TestSystem.makeKey(.production, of: system.organization, in: system.pool)
            let other = try await system.makeWallet()
            let scoped = try await TestSystem.makeKey(
                .sandbox, of: system.organization, in: system.pool,
                grant: KeyGrant(permissions: Set(Permission.allCases), walletScope: [other]))
            for (key, status) in [(foreign, 404), (live, 403), (scoped, 403)] {
                let answer = try await system.api.with(key: key)
                    .patch("/v1/payment-links/\(link.id)", #"{"description":"Mine"}"#)
                #expect(answer.status == status, "\(answer.text)")
            }
            #expect(try await system.api.get("/v1/payment-links/\(link.id)").json["description"] == .null)
        }
    }
}
