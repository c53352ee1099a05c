import Hummingbird
import PaymentLinks
import Storage

/// The feed of events, for callers that fetch them.
struct EventRoutes: RouteGroup {
    /// How often the feed is read while a caller waits for it.
    private static let pollInterval = Duration.milliseconds(200)

    private let feed: EventFeed
    private let polling: Polling

    init(_ gateway: Gateway) {
        feed = gateway.webhooks.feed
        polling = gateway.polling
    }

    func register(on router: Router<GatewayContext>) {
        router.get("/v1/events", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.webhooksRead)
        let owner = key.webhookOwner
        let query = ListQuery(request, isFeed: true)
        try query.finish()
        let preferences = request.preferences
        var cursor = query.feedCursor
        // Until the first event that the caller may see; the others are not read twice.
        let slice = try await polling.value(
            within: preferences.wait(default: .zero), every: Self.pollInterval, for: context.meter?.subject,
            until: { !$0.entries.isEmpty }
        ) { () async throws -> EventFeed.Slice in
            let slice = try await feed.read(owner, after: cursor, limit: query.page.limit)
            cursor = slice.cursor
            return slice
        }
        return Response(answer(slice, for: key).applying(preferences))
    }

    /// A feed has no end, so there is always a cursor to go on from, once there was an event.
    ///
    /// Balances are null for a key without wallets:read.
    private func answer(_ slice: EventFeed.Slice, for key: APIKey) -> Answer {
        let showsBalances = key.readsBalances
        let body = JSONWriter.object { writer in
            writer.field("data", array: slice.entries) { writer, event in
                writer.raw(showsBalances ? event.body : EventBody.withoutBalances(event.body))
            }
            writer.field("cursor", slice.cursor.map(Cursor.text))
            writer.field("hasMore", slice.hasMore)
        }
        return Answer(status: .ok, json: body)
    }
}
