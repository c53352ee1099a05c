import PaymentLinks
import Storage
import Testing
import TestSupport

/// Callers who may not, each for a reason of its own; and headers that are no key at all.
struct Strangers {
    /// No key that anybody ever had.
    struct Nobody {
        let name: String
        let key: String?
        var headers: [String: String] = [:]
    }

    static let unknown = "wg_test_" + String(repeating: "x", count: 33)
    static let nobodies = [
        Nobody(name: "not a key", key: "nonsense"), Nobody(name: "an empty key", key: ""),
        Nobody(name: "an unknown key", key: unknown),
        Nobody(name: "a key too long", key: "wg_test_" + String(repeating: "x", count: 4_000)),
        Nobody(name: "another scheme", key: nil, headers: ["authorization": "Basic d2c6dGVzdA=="]),
    ]

    private let system: TestSystem
    /// Keys that do not depend on the route.
    private let keys: [AccessColumn: String]

    init(_ system: TestSystem) async throws {
        self.system = system
        let everything = Set(Permission.allCases)
        let past = Timestamp.now().advanced(by: .seconds(-1))
        let remote = KeyGrant(
            permissions: everything, allowedIps: ["192.0.2.0/24", "2001:db8::1"].compactMap { AddressRange($0) })
        let other = try await system.makeOrganization(.mint(at: .now()))
        let wallet = try await system.makeWallet("Other")
        keys = [
            .noPermission: try await system.key(KeyGrant(permissions: [])),
            .otherOrganization: try await TestSystem.makeKey(.sandbox, of: other, in: system.pool),
            .otherEnvironment: try await TestSystem.makeKey(.production, of: system.organization, in: system.pool),
            .otherWallet: try await system.key(KeyGrant(permissions: everything, walletScope: [wallet])),
            .expired: try await system.key(KeyGrant(permissions: everything, expiresAt: past)),
            .revoked: try await system.revokedKey(), .wrongAddress: try await system.key(remote),
        ]
    }

    /// The key of that column; `nil`: none is sent.
    func key(_ column: AccessColumn, for access: AccessRoute.Access) async throws -> String? {
        switch (column, access) {
        case (.noKey, _): return nil
        case (.wrongPermission, .permission(let permission)):
            return try await system.key(KeyGrant(permissions: Set(Permission.allCases).subtracting([permission])))
        case (.rightPermission, .permission(let permission)):
            return try await system.key(KeyGrant(permissions: [permission]))
        case (.wrongPermission, _), (.rightPermission, _): return try await system.key(KeyGrant(permissions: []))
        default: return keys[column]
        }
    }
}

extension TestSystem {
    /// A key of the organization's own, for the sandbox.
    func key(_ grant: KeyGrant) async throws -> String {
        try await TestSystem.makeKey(.sandbox, of: organization, in: pool, grant: grant)
    }

    /// A key that was revoked before it was ever used.
    fileprivate func revokedKey() async throws -> String {
        let all = WrongRequest.array(Permission.allCases.map { WrongRequest.quoted($0.rawValue) })
        let key = try await api.post("/v1/api-keys", #"{"name":"Revoked","permissions":\#(all)}"#)
        let id = try #require(key.json["id"].string)
        #expect(try await api.delete("/v1/api-keys/\(id)").status == 204)
        return try #require(key.json["secret"].string)
    }
}
