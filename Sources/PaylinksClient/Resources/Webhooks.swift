public import Foundation

/// Webhook endpoints and their deliveries.
public struct Webhooks: Resource {
    let transport: Transport

    /// Makes an endpoint; its secret is returned only here.
    public func create(
        url: String, events: [String]? = nil, description: String? = nil
    ) async throws(PaylinksError) -> Webhook {
        try await create(NewWebhook(url: url, events: events, description: description))
    }

    public func create(_ webhook: NewWebhook) async throws(PaylinksError) -> Webhook {
        try await once("/webhooks", webhook)
    }

    public func all(pageSize: Int? = nil) -> Items<Webhook> { items("/webhooks", pageSize: pageSize) }

    public func get(_ id: String) async throws(PaylinksError) -> Webhook { try await read(path(id)) }

    public func update(_ id: String, _ changes: WebhookChanges) async throws(PaylinksError) -> Webhook {
        try await set("PATCH", path(id), changes)
    }

    public func delete(_ id: String) async throws(PaylinksError) { try await remove(path(id)) }

    /// Makes a new secret; the old one signs too for 24 hours.
    public func rotateSecret(_ id: String) async throws(PaylinksError) -> Webhook {
        try await once(path(id) + "/rotate-secret")
    }

    /// Sends a test event and returns its result.
    public func test(_ id: String) async throws(PaylinksError) -> WebhookTest { try await once(path(id) + "/test") }

    /// The endpoint's deliveries, newest first.
    public func deliveries(of id: String, status: String? = nil, pageSize: Int? = nil) -> Items<Delivery> {
        items(path(id) + "/deliveries", pageSize: pageSize, [("status", status)])
    }

    /// Sends one delivery again, whatever became of it.
    public func redeliver(_ deliveryId: String, of id: String) async throws(PaylinksError) -> DeliveryState {
        try await once(path(id) + "/deliveries/\(segment(deliveryId))/redeliver")
    }

    /// Sends again what happened since a time: 10,000 events at most.
    public func replay(_ id: String, since: Date) async throws(PaylinksError) -> Replay {
        try await once(path(id) + "/replay", ["since": JSON.text(of: since)])
    }

    /// Sends again what happened after an event, such as the `nextSince` of the replay before.
    public func replay(_ id: String, after eventId: String) async throws(PaylinksError) -> Replay {
        try await once(path(id) + "/replay", ["since": eventId])
    }

    /// Every delivery whose attempts are used up, of every endpoint, with its event, newest first.
    ///
    /// Entries may be retried or discarded on the way: none is skipped.
    public func allDeadDeliveries(pageSize: Int? = nil) -> Items<Delivery> {
        items("/webhooks/dlq", pageSize: pageSize)
    }

    /// One page of the deliveries whose attempts are used up.
    ///
    /// - Parameters:
    ///   - offset: How many to skip, in place of a cursor. Entries that are retried or discarded move the rest.
    ///   - cursor: The cursor of the page before.
    public func deadDeliveries(
        limit: Int? = nil, offset: Int? = nil, cursor: String? = nil
    ) async throws(PaylinksError) -> DeadDeliveries {
        let query = [
            (name: "limit", value: limit.map { "\($0)" }), (name: "offset", value: offset.map { "\($0)" }),
            (name: "cursor", value: cursor),
        ]
        return try await transport.value(Call(path: "/webhooks/dlq", query: query))
    }

    /// Restarts a dead delivery's attempts.
    public func retryDead(_ deliveryId: String) async throws(PaylinksError) -> DeliveryState {
        try await once("/webhooks/dlq/\(segment(deliveryId))/retry")
    }

    /// Gives a dead delivery up.
    public func discardDead(_ deliveryId: String) async throws(PaylinksError) -> DeliveryState {
        try await set("POST", "/webhooks/dlq/\(segment(deliveryId))/discard")
    }

    private func path(_ id: String) -> String { "/webhooks/\(segment(id))" }
}

/// The feed of events, for those who fetch rather than be told.
public struct Events: Resource {
    let transport: Transport

    /// One page, oldest first. It has a cursor to go on from as soon as there was an event.
    ///
    /// - Parameter wait: How long to wait for the first event behind the cursor, at most 30 seconds.
    public func list(
        after cursor: String? = nil, limit: Int? = nil, wait: Duration? = nil
    ) async throws(PaylinksError) -> Page<Event> {
        let query = [(name: "cursor", value: cursor), (name: "limit", value: limit.map { "\($0)" })]
        return try await transport.value(Call(path: "/events", query: query, wait: wait))
    }

    /// Every event that there is now, oldest first.
    public func all(pageSize: Int? = nil) -> Items<Event> { items("/events", pageSize: pageSize) }
}
