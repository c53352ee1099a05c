/// The organization of the client's key.
public struct OrganizationSettings: Resource {
    let transport: Transport

    public func get() async throws(PaylinksError) -> Organization { try await read("/organization") }

    public func update(_ changes: OrganizationChanges) async throws(PaylinksError) -> Organization {
        try await set("PATCH", "/organization", changes)
    }
}
