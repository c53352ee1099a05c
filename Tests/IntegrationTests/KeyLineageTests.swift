import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// What keys may do with keys.
@Suite struct KeyLineageTests {
    /// A key as its creator was answered.
    private struct Made {
        let id: String
        let api: API
        let json: JSONValue

        init(_ answer: API.Answer, _ system: TestSystem) throws {
            guard answer.status == 201, let id = answer.json["id"].string, let secret = answer.json["secret"].string
            else { throw TestSystem.Unexpected(answer: answer) }
            self.id = id
            api = system.api.with(key: secret)
            json = answer.json
        }

        var path: String { "/v1/api-keys/\(id)" }
    }

    private static func make(
        _ creator: API, _ system: TestSystem, _ permissions: String = #""keys:read","keys:write""#, _ more: String = ""
    ) async throws -> Made {
        try Made(
            await creator.post("/v1/api-keys", #"{"name":"Child","permissions":[\#(permissions)]\#(more)}"#), system)
    }

    private static func status(_ key: Made, _ system: TestSystem) async throws -> String? {
        try await system.api.get(key.path).json["status"].string
    }

    @Test func `a key records its creator, and a revocation can take all that descend from it`() async throws {
        try await TestSystem.run([]) { system, _ in
            let parent = try await Self.make(system.api, system)
            let child = try await Self.make(parent.api, system)
            let grandchild = try await Self.make(child.api, system)
            let sibling = try await Self.make(system.api, system)
            #expect(child.json["createdBy"].string == parent.id && grandchild.json["createdBy"].string == child.id)
            #expect(try await system.api.get(child.path).json["createdBy"].string == parent.id)
            let alone = try await Self.make(parent.api, system)
            #expect(try await system.api.delete(alone.path).status == 204)
            #expect(try await Self.status(parent, system) == "ACTIVE")
            #expect(try await system.api.delete(parent.path + "?cascade=perhaps").status == 400)
            #expect(try await system.api.delete(parent.path + "?cascade=true").status == 204)
            for key in [parent, child, grandchild] {
                #expect(try await Self.status(key, system) == "REVOKED")
                #expect(
                    try await key.api.get("/v1/api-keys").errorCode == "API_KEY_REVOKED", "at once, on this gateway")
            }
            #expect(try await Self.status(sibling, system) == "ACTIVE")
            let older = try #require(try await system.api.get("/v1/api-keys?limit=100").json["data"].elements.last)
            #expect(older.names.contains("createdBy") && older["createdBy"] == .null, "from the command line")
        }
    }

    @Test func `the command line revokes in cascade too`() async throws {
        try await TestSystem.run([]) { system, _ in
            let parent = try await Self.make(system.api, system)
            let child = try await Self.make(parent.api, system)
            let revoked = try await system.paylinks(
                "keys", "revoke", "\(system.organization)", parent.id, "--cascade", "--json")
            #expect(revoked.json["revoked"] == .array([.text(parent.id), .text(child.id)]), "\(revoked.output)")
            #expect(try await Self.status(child, system) == "REVOKED")
            let listed = try await system.paylinks("keys", "list", "\(system.organization)", "--json").json.elements
            #expect(listed.first { $0["id"].string == child.id }?["createdBy"].string == parent.id)
        }
    }

    @Test func `a key changes, renames, and revokes only keys that it covers`() async throws {
        try await TestSystem.run([]) { system, _ in
            let wallet = try await system.makeWallet()
            let everything = Permission.allCases.map { #""\#($0.rawValue)""# }.joined(separator: ",")
            let keys = #""keys:read","keys:write""#
            let narrow: [(name: String, actor: Made, target: Made)] = [
                (
                    "permissions", try await Self.make(system.api, system),
                    try await Self.make(system.api, system, everything)
                ),
                (
                    "walletScope", try await Self.make(system.api, system, keys, #","walletScope":["\#(wallet)"]"#),
                    try await Self.make(system.api, system)
                ),
                (
                    "allowedIps", try await Self.make(system.api, system, keys, #","allowedIps":["127.0.0.0/8"]"#),
                    try await Self.make(system.api, system)
                ),
                (
                    "expiresAt", try await Self.make(system.api, system, keys, #","expiresAt":"2035-01-01T00:00:00Z""#),
                    try await Self.make(system.api, system)
                ),
            ]
            for (name, actor, target) in narrow {
                let answers = [
                    try await actor.api.patch(target.path, #"{"name":"Mine"}"#),
                    try await actor.api.patch(target.path, #"{"permissions":[]}"#),
                    try await actor.api.delete(target.path), try await actor.api.delete(target.path + "?cascade=true"),
                ]
                for answer in answers {
                    #expect(answer.status == 403 && answer.errorCode == "PERMISSION_DENIED", "\(name): \(answer.text)")
                }
                #expect(try await system.api.get(target.path).json["name"].string == "Child")
                #expect(try await Self.status(target, system) == "ACTIVE")
                #expect(try await actor.api.patch(actor.path, #"{"name":"Self"}"#).status == 200, "it covers itself")
                #expect(try await target.api.delete(actor.path).status == 204, "the broader key may")
            }
        }
    }

    @Test func `a cascade stops at a descendant that was broadened beyond the revoking key, and revokes none`()
        async throws
    {
        try await TestSystem.run([]) { system, _ in
            let actor = try await Self.make(system.api, system)
            let child = try await Self.make(actor.api, system)
            let grandchild = try await Self.make(child.api, system)
            let broader = #"{"permissions":["keys:write","wallets:write"]}"#
            #expect(try await system.api.patch(grandchild.path, broader).status == 200)
            #expect(try await actor.api.delete(child.path + "?cascade=true").errorCode == "PERMISSION_DENIED")
            for key in [child, grandchild] { #expect(try await Self.status(key, system) == "ACTIVE") }
            #expect(try await actor.api.delete(child.path).status == 204, "alone it may be revoked")
        }
    }

    @Test func `a key that was revoked elsewhere makes, changes, and revokes no key within the cache's time`()
        async throws
    {
        try await TestSystem.run([], settings: ["PAYLINKS_KEY_CACHE_TTL": "60s"]) { system, _ in
            let actor = try await Self.make(system.api, system)
            let target = try await Self.make(actor.api, system)
            let id = try #require(KeyID(actor.id))
            for (change, code) in [
                ("revoked_at = now()", "API_KEY_REVOKED"), ("revoked_at = NULL, expires_at = now()", "UNAUTHORIZED"),
                ("expires_at = NULL, permissions = '{keys:read}'", "PERMISSION_DENIED"),
            ] {
                _ = try await system.rows("UPDATE api_keys SET \(change) WHERE id = $1 RETURNING id", [.uuid(id.bits)])
                #expect(try await actor.api.get(target.path).status == 200, "remembered for a minute")
                let answers = [
                    try await actor.api.post("/v1/api-keys", #"{"name":"A","permissions":[]}"#),
                    try await actor.api.patch(target.path, #"{"name":"A"}"#), try await actor.api.delete(target.path),
                ]
                for answer in answers { #expect(answer.errorCode == code, "\(change): \(answer.text)") }
            }
            #expect(try await system.number("SELECT count(*) FROM api_keys") == 3)
        }
    }

    @Test func `an organization has a bounded number of keys, and a revoked one makes room`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_MAX_KEYS_PER_ORGANIZATION": "3"]) { system, _ in
            let made = [try await Self.make(system.api, system), try await Self.make(system.api, system)]
            let refused = try await system.api.post("/v1/api-keys", #"{"name":"A","permissions":[]}"#)
            #expect(refused.status == 400 && refused.json["error"]["details"]["fields"][0]["code"].string == "TOO_MANY")
            #expect(refused.json["error"]["message"].string?.contains("3 API keys") == true, "\(refused.text)")
            #expect(try await system.api.delete(made[0].path).status == 204)
            _ = try await Self.make(made[1].api, system)
        }
    }
}
