/// The organization, with what it has chosen for the key's environment.
public struct Organization: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let name: String
    /// What payers see as the payee.
    public let displayName: String
    public let environment: Environment
    /// Whether a link becomes ACTIVE again when its settled money is returned; otherwise it stays CLAIMED.
    public let reopenAfterReturn: Bool
}

/// What to change of the organization; what is nil stays.
public struct OrganizationChanges: Encodable, Sendable, Hashable {
    public var reopenAfterReturn: Bool?

    public init(reopenAfterReturn: Bool? = nil) {
        self.reopenAfterReturn = reopenAfterReturn
    }
}
