import PaymentLinks
package import Storage
package import Webhooks

/// A webhook endpoint as somebody asks for it.
package struct WebhookBody: Sendable {
    fileprivate static let longestDescription = 1024

    package let url: WebhookURL
    package let events: [String]
    package let isEnabled: Bool
    package let description: String?

    /// Reads the body, or throws every wrong field of it.
    package init(_ fields: JSONObject, policy: AddressPolicy) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let url = reader.webhookURL("url", isRequired: true, policy: policy)
        let events = reader.subscription("events")
        isEnabled = reader.boolean("enabled") ?? true
        description = reader.text("description", longest: Self.longestDescription, subject: "description")
        try reader.finish()
        guard let url else { throw InvalidRequest(reader.problems) }
        self.url = url
        self.events = events ?? [EventSubscription.all]
    }
}

extension WebhookChanges {
    /// What to change of an endpoint; what is absent stays.
    package init(_ fields: JSONObject, policy: AddressPolicy) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        self.init(
            url: reader.webhookURL("url", isRequired: reader.has("url"), policy: policy)?.string,
            events: reader.has("events") ? reader.subscription("events") : nil,
            isEnabled: reader.boolean("enabled"),
            description: reader.has("description")
                ? .some(reader.text("description", longest: WebhookBody.longestDescription, subject: "description"))
                : nil)
        try reader.finish()
    }
}

/// From when on events are to be sent again.
package enum ReplayBody {
    /// Reads `since`: a time, or an event's id, such as the `nextSince` of the replay before.
    package static func start(_ fields: JSONObject) throws(InvalidRequest) -> DeliveryStore.ReplayStart {
        var reader = BodyReader(fields)
        if case .string(let text)? = reader.value("since"), let id = EventID(text) {
            try reader.finish()
            return .event(id)
        }
        let since = reader.time("since")
        if !reader.has("since") { reader.report("since", "REQUIRED", "This field is required.") }
        try reader.finish()
        guard let since else {
            throw InvalidRequest(field: "since", code: "REQUIRED", message: "This field is required.")
        }
        return .time(since)
    }
}

extension BodyReader {
    fileprivate mutating func webhookURL(
        _ field: String, isRequired: Bool, policy: AddressPolicy
    ) -> WebhookURL? {
        value(field, isRequired: isRequired) { text throws(WebhookURLError) in
            try WebhookURL(text, policy: policy)
        }
    }

    /// Absent: every event.
    fileprivate mutating func subscription(_ field: String) -> [String]? {
        let names: [String]? = list(field, most: EventSubscription.countLimit) { .success($0) }
        if names == nil, value(field) != nil { return nil }
        do throws(FieldError) {
            return try EventSubscription.parse(names)
        } catch {
            report(error)
            return nil
        }
    }
}
