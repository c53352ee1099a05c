/// A line of a batch: what a request of its own would hold, and the key under which it is done once.
public protocol BatchLine: Encodable, Sendable {
    /// Made by the client for the batch and the line's place in it, unless given; give one where your program itself
    /// may come back to the line in another batch.
    var idempotencyKey: String? { get set }
}

/// A link to make, as one line of many.
public struct NewLinkLine: BatchLine, Hashable {
    public var link: NewPaymentLink
    public var idempotencyKey: String?

    public init(_ link: NewPaymentLink, idempotencyKey: String? = nil) {
        self.link = link
        self.idempotencyKey = idempotencyKey
    }

    private enum Key: CodingKey {
        case idempotencyKey
    }

    public func encode(to encoder: any Encoder) throws {
        try link.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(idempotencyKey, forKey: .idempotencyKey)
    }
}

/// A link to pay, as one line of many.
public struct NewClaimLine: BatchLine, Hashable {
    public var slug: String
    public var claim: NewClaim
    public var idempotencyKey: String?

    public init(slug: String, _ claim: NewClaim, idempotencyKey: String? = nil) {
        self.slug = slug
        self.claim = claim
        self.idempotencyKey = idempotencyKey
    }

    private enum Key: CodingKey {
        case slug, idempotencyKey
    }

    public func encode(to encoder: any Encoder) throws {
        try claim.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(slug, forKey: .slug)
        try container.encodeIfPresent(idempotencyKey, forKey: .idempotencyKey)
    }
}

/// What became of one line.
public struct BatchResult<Value: Sendable>: Sendable {
    /// Counts the lines from 0.
    public let index: Int
    /// The key that the line went out with.
    public let idempotencyKey: String
    /// As of a request of its own.
    public let status: Int
    /// Whether the outcome is an earlier request's.
    public let isReplayed: Bool
    public let outcome: Result<Value, Refusal>

    /// The value, or the refusal thrown.
    public func get() throws(Refusal) -> Value { try outcome.get() }
}
