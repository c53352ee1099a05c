import PaymentLinks
import Storage
import Testing
import TestSupport

/// Callers who may not, each for a reason of its own.
struct Strangers {
    /// A caller whom every route refuses in the same way.
    struct Stranger {
        let name: String
        let key: String?
        var headers: [String: String] = [:]
        let status: Int
        let code: String
    }

    let everywhere: [Stranger]
    /// Keys that may do everything, with other objects than the matrix's.
    let ofOtherOrganization: String
    let ofOtherEnvironment: String
    let ofOtherWallet: String

    init(_ system: TestSystem) async throws {
        let everything = Set(Permission.allCases)
        let past = Timestamp.now().advanced(by: .seconds(-1))
        let expired = try await Self.key(system, KeyGrant(permissions: everything, expiresAt: past))
        let remote = KeyGrant(
            permissions: everything, allowedIps: ["192.0.2.0/24", "2001:db8::1"].compactMap { AddressRange($0) })
        let distant = try await Self.key(system, remote)
        let unauthorized = [
            ("no key", nil, [:]), ("not a key", "nonsense", [:]), ("an empty key", "", [:]),
            ("an unknown key", "wg_test_" + String(repeating: "x", count: 33), [:]),
            ("a key too long", "wg_test_" + String(repeating: "x", count: 4_000), [:]),
            ("another scheme", nil, ["authorization": "Basic d2c6dGVzdA=="]), ("an expired key", expired, [:]),
        ]
        everywhere =
            unauthorized.map { Stranger(name: $0, key: $1, headers: $2, status: 401, code: "UNAUTHORIZED") } + [
                Stranger(
                    name: "a revoked key", key: try await Self.revoked(system), status: 401, code: "API_KEY_REVOKED"),
                Stranger(name: "a key from elsewhere", key: distant, status: 403, code: "IP_NOT_ALLOWED"),
                // Nobody's word on where it comes from is believed but a trusted proxy's.
                Stranger(
                    name: "a key that claims to be elsewhere", key: distant, headers: ["x-forwarded-for": "192.0.2.7"],
                    status: 403, code: "IP_NOT_ALLOWED"),
            ]
        let other = try await system.makeOrganization(.mint(at: .now()))
        ofOtherOrganization = try await TestSystem.makeKey(.sandbox, of: other, in: system.pool)
        ofOtherEnvironment = try await TestSystem.makeKey(.production, of: system.organization, in: system.pool)
        let wallet = try await system.makeWallet("Other")
        ofOtherWallet = try await Self.key(system, KeyGrant(permissions: everything, walletScope: [wallet]))
    }

    private static func key(_ system: TestSystem, _ grant: KeyGrant) async throws -> String {
        try await TestSystem.makeKey(.sandbox, of: system.organization, in: system.pool, grant: grant)
    }

    /// A key that was revoked before it was ever used.
    private static func revoked(_ system: TestSystem) async throws -> String {
        let all = WrongRequest.array(Permission.allCases.map { WrongRequest.quoted($0.rawValue) })
        let key = try await system.api.post("/v1/api-keys", #"{"name":"Revoked","permissions":\#(all)}"#)
        let id = try #require(key.json["id"].string)
        #expect(try await system.api.delete("/v1/api-keys/\(id)").status == 204)
        return try #require(key.json["secret"].string)
    }
}
