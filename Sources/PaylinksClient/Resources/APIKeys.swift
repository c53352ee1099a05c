/// API keys.
public struct APIKeys: Resource {
    let transport: Transport

    /// Makes a key; its secret is returned only here.
    public func create(_ key: NewAPIKey) async throws(PaylinksError) -> APIKey { try await once("/api-keys", key) }

    /// Every key, newest first.
    public func all(pageSize: Int? = nil) -> Items<APIKey> { items("/api-keys", pageSize: pageSize) }

    public func get(_ id: String) async throws(PaylinksError) -> APIKey { try await read("/api-keys/\(segment(id))") }

    public func update(_ id: String, _ changes: APIKeyChanges) async throws(PaylinksError) -> APIKey {
        try await set("PATCH", "/api-keys/\(segment(id))", changes)
    }

    /// Revokes a key; gateways reject it within seconds.
    ///
    /// - Parameter cascade: Whether to revoke every key that this one created as well, and those that they created.
    public func revoke(_ id: String, cascade: Bool = false) async throws(PaylinksError) {
        try await remove("/api-keys/\(segment(id))", query: cascade ? [("cascade", "true")] : [])
    }
}
