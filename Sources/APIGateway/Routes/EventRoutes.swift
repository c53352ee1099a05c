import Hummingbird
import PaymentLinks
import Storage

/// The feed of events, for those who fetch rather than be told.
struct EventRoutes: RouteGroup {
    /// How often the feed is looked at while somebody waits for it.
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
        let key = try context.webhookKey(.webhooksRead)
        let query = ListQuery(request)
        try query.finish()
        let preferences = request.preferences
        // Until the first event behind the cursor.
        let page = try await polling.value(
            within: preferences.wait(default: .zero), every: Self.pollInterval, for: context.meter?.subject,
            until: { !$0.items.isEmpty }
        ) {
            try await feed.read(key.webhookOwner, query.page)
        }
        return Response(answer(page, after: query.page.after, for: key).applying(preferences))
    }

    /// A feed has no end, so there is always a cursor to go on from, once there was an event.
    ///
    /// Balances are null for a key without wallets:read.
    private func answer(_ page: Page<EventFeed.Entry>, after cursor: UInt128?, for key: APIKey) -> Answer {
        let showsBalances = key.readsBalances
        let body = JSONWriter.object { writer in
            writer.field("data", array: page.items) { writer, event in
                writer.raw(showsBalances ? event.body : EventBody.withoutBalances(event.body))
            }
            writer.field("cursor", (page.items.last?.id.bits ?? cursor).map(Cursor.text))
            writer.field("hasMore", page.hasMore)
        }
        return Answer(status: .ok, json: body)
    }
}
