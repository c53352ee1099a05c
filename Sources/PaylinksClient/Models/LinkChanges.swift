public import Foundation

/// Changes of an active link, at least one.
///
/// There is no value without a change: the API reads an empty body as a cancellation.
public struct LinkChanges: Sendable, Hashable {
    private var description = Change<String>.keep
    private var expiresAt = Change<Date>.keep
    private var metadata: Metadata?

    private init() {}

    /// Sets the description that payers see; nil removes it.
    public static func description(_ description: String?) -> LinkChanges {
        LinkChanges().description(description)
    }

    /// Sets the time at which the link expires; nil removes it.
    public static func expiresAt(_ time: Date?) -> LinkChanges { LinkChanges().expiresAt(time) }

    /// Replaces all metadata.
    public static func metadata(_ metadata: Metadata) -> LinkChanges { LinkChanges().metadata(metadata) }

    /// Also sets the description; nil removes it.
    public func description(_ description: String?) -> LinkChanges {
        var changes = self
        changes.description = description.map(Change.set) ?? .clear
        return changes
    }

    /// Also sets the time at which the link expires; nil removes it.
    public func expiresAt(_ time: Date?) -> LinkChanges {
        var changes = self
        changes.expiresAt = time.map(Change.set) ?? .clear
        return changes
    }

    /// Also replaces all metadata.
    public func metadata(_ metadata: Metadata) -> LinkChanges {
        var changes = self
        changes.metadata = metadata
        return changes
    }
}

extension LinkChanges: Encodable {
    private enum Key: CodingKey {
        case description, expiresAt, metadata
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(description, forKey: .description)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encodeIfPresent(metadata, forKey: .metadata)
    }
}
