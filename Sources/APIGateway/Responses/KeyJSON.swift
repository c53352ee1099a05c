package import PaymentLinks
package import Sealing
package import Storage

/// The shape in which API keys are answered.
package enum KeyJSON {
    /// - Parameter secret: shown once, when the key is made.
    package static func key(_ key: APIKey, secret: APISecret? = nil, at now: Timestamp) -> [UInt8] {
        JSONWriter.object { fields(of: key, secret: secret, at: now, in: &$0) }
    }

    package static func fields(
        of key: APIKey, secret: APISecret? = nil, at now: Timestamp, in writer: inout JSONWriter
    ) {
        writer.field("id", key.id)
        writer.field("name", key.name)
        writer.field("keyPrefix", key.prefix)
        writer.field("permissions", array: key.grant.permissions.map(\.rawValue).sorted()) { $0.string($1) }
        writer.field("environment", key.environment.rawValue)
        writer.field("status", key.status(at: now))
        if let secret { writer.field("secret", secret.text) }
        writer.field("walletScope", optionalArray: key.grant.walletScope?.map(\.description))
        writer.field("allowedIps", optionalArray: key.grant.allowedIps?.map(\.description))
        writer.field("expiresAt", key.grant.expiresAt)
        writer.field("rateLimit", key.grant.rateLimit)
        writer.field("createdBy", key.createdBy)
        writer.field("createdAt", key.createdAt)
    }
}

extension APIKey {
    fileprivate func status(at now: Timestamp) -> String {
        if revokedAt != nil { return "REVOKED" }
        return grant.expiresAt.map { $0 <= now } ?? false ? "EXPIRED" : "ACTIVE"
    }
}

extension JSONWriter {
    mutating func field(_ name: StaticString, optionalArray texts: [String]?) {
        guard let texts else { return field(name, json: nil) }
        field(name, array: texts) { $0.string($1) }
    }
}
