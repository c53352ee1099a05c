import ArgumentParser
import PaymentLinks
import Storage

/// `paylinks keys`: who may do what.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Makes, lists and revokes API keys.",
        subcommands: [Create.self, List.self, Revoke.self])

    /// A key as this command prints it.
    struct Description: Encodable {
        let id: KeyID
        let name: String
        let keyPrefix: String
        let environment: String
        let permissions: [String]
        let status: String
        let createdBy: KeyID?
        let createdAt: String
        let expiresAt: String?
        let rateLimit: Int?

        init(_ key: APIKey) {
            id = key.id
            name = key.name
            keyPrefix = key.prefix
            environment = key.environment.rawValue
            permissions = key.grant.permissions.map(\.rawValue).sorted()
            status = key.revokedAt == nil ? "ACTIVE" : "REVOKED"
            createdBy = key.createdBy
            createdAt = key.createdAt.iso8601
            expiresAt = key.grant.expiresAt?.iso8601
            rateLimit = key.grant.rateLimit
        }

        var line: String {
            "\(id)  \(keyPrefix)…  \(environment)  \(status)  \(permissions.joined(separator: ","))  \(name)"
        }
    }
}
