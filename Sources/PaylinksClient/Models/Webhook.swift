public import Foundation

/// An endpoint as its owner asks for it.
public struct NewWebhook: Encodable, Sendable, Hashable {
    public var url: String
    /// Nil or `["*"]`: every event.
    public var events: [String]?
    public var enabled: Bool?
    public var description: String?

    public init(url: String, events: [String]? = nil, enabled: Bool? = nil, description: String? = nil) {
        self.url = url
        self.events = events
        self.enabled = enabled
        self.description = description
    }
}

/// What to change of an endpoint; what is nil stays.
public struct WebhookChanges: Sendable, Hashable {
    public var url: String?
    /// `["*"]`: every event.
    public var events: [String]?
    public var enabled: Bool?
    public var description: Change<String>

    public init(
        url: String? = nil, events: [String]? = nil, enabled: Bool? = nil, description: Change<String> = .keep
    ) {
        self.url = url
        self.events = events
        self.enabled = enabled
        self.description = description
    }
}

extension WebhookChanges: Encodable {
    private enum Key: CodingKey {
        case url, events, enabled, description
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(url, forKey: .url)
        try container.encodeIfPresent(events, forKey: .events)
        try container.encodeIfPresent(enabled, forKey: .enabled)
        try container.encode(description, forKey: .description)
    }
}

/// An endpoint that receives events.
public struct Webhook: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let organizationId: String
    public let environment: Environment
    public let url: String
    public let enabled: Bool
    public let disabledReason: String?
    /// When deliveries try again, while they keep away from an endpoint that fails.
    public let backoffUntil: Date?
    /// The last failure, while there is a back-off.
    public let backoffReason: String?
    public let events: [String]
    /// Once, when it is made.
    public let secret: String?
    public let description: String?
    /// The only wallets whose events it gets: the scope of the key that registered it. Nil: all events.
    public let walletScope: [String]?
    public let createdAt: Date
    public let updatedAt: Date
}

/// What a test event brought.
public struct WebhookTest: Decodable, Sendable, Hashable {
    public let id: String
    public let delivered: Bool
    public let statusCode: Int?
    public let durationMs: Int?
    public let error: String?
}

/// An event on its way to one endpoint, and its last attempt.
public struct Delivery: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let webhookId: String
    public let eventId: String
    public let eventType: String
    /// `PENDING`, `DELIVERED`, `FAILED` or `DISCARDED`.
    public let status: String
    public let attempts: Int
    public let lastAttemptAt: Date?
    public let nextRetryAt: Date?
    /// The end of the endpoint's back-off, while the delivery waits for it.
    public let backoffUntil: Date?
    public let backoffReason: String?
    public let statusCode: Int?
    public let error: String?
    public let durationMs: Int?
    public let responseBody: String?
    public let createdAt: Date
    public let finishedAt: Date?
    /// The event itself, of a delivery whose attempts are used up.
    public let payload: Event?
}

/// What a delivery's status became.
public struct DeliveryState: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    /// `PENDING` or `FAILED`.
    public let status: String
}

/// Some of the deliveries whose attempts are used up.
public struct DeadDeliveries: Decodable, Sendable, Hashable {
    public let data: [Delivery]
    /// Where the next page starts, even if entries of this one are retried or discarded.
    public let cursor: String?
    public let hasMore: Bool
}

/// How much was sent again. Where there is more, go on after the event `nextSince`.
public struct Replay: Decodable, Sendable, Hashable {
    public let replayed: Int
    public let hasMore: Bool
    /// The id of the last event sent.
    public let nextSince: String?
}

/// Something that happened.
public struct Event: Decodable, Sendable, Hashable, Identifiable {
    /// Deliveries may come more than once: drop an id that you have seen.
    public let id: String
    /// As in `payment_link.claimed`.
    public let event: String
    public let timestamp: Date
    public let organizationId: String
    public let data: JSONValue
}
