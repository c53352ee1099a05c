import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// What the routes of the matrix are asked about: one of each, the organization's own, in the sandbox.
struct AccessSubjects {
    let wallet: WalletID
    let link: TestSystem.Link
    let claimed: TestSystem.Link
    let claimId: String
    let transactionId: String
    let keyId: String
    let webhookId: String
    /// Deliveries whose attempts are used up.
    let dead: [DeliveryID]

    init(_ system: TestSystem) async throws {
        wallet = try await system.makeWallet(funds: 100)
        link = try await system.makeLink(to: wallet)
        claimed = try await system.makeLink(to: wallet)
        let claim = try await system.api.post(claimed.claimPath, TestSystem.achClaim())
        claimId = try #require(claim.json["claimId"].string)
        let funding = try await system.api.post("/v1/wallets/\(wallet)/fund", #"{"amount":"1.00"}"#)
        transactionId = try #require(funding.json["transactionId"].string)
        let key = try await system.api.post("/v1/api-keys", #"{"name":"Subject","permissions":[]}"#)
        keyId = try #require(key.json["id"].string)
        webhookId = try await system.makeWebhook("http://127.0.0.1:9/hook").id
        let webhook = try #require(WebhookID(webhookId))
        dead = (0..<3).map { _ in DeliveryID.mint(at: .now()) }
        for id in dead { try await system.insertDeadDelivery(id, to: webhook) }
    }

    /// What nobody who may not may be told of.
    var secrets: [String] { [link.id, transactionId, webhookId] + dead.map(\.description) }

    /// What this caller must not be told of even where the route is open to it: ids that a refusal may repeat.
    func secrets(from column: AccessColumn) -> [String] {
        switch column {
        case .otherOrganization, .otherEnvironment: [wallet.description, keyId]
        case .otherWallet: [wallet.description]
        default: []
        }
    }
}

/// The rows of the matrix.
struct AccessTable {
    let subjects: AccessSubjects

    private static let outOfScope = AccessRoute.Word.refused(403, "WALLET_OUT_OF_SCOPE")
    private static let broader = AccessRoute.Word.refused(403, "PERMISSION_DENIED")
    private static let mismatch = AccessRoute.Word.refused(403, "ENVIRONMENT_MISMATCH")

    /// Every route; what takes an object away comes after what reads it.
    var routes: [AccessRoute] {
        links + claims + wallets + money + organization + keys + webhooks + deliveries + documentation
    }

    // MARK: - Kinds of rows

    /// A route about one object: whoever does not reach it is told why, and another organization nothing.
    private func one(
        _ name: String, _ permission: Permission, _ parameters: [String: String], notFound: String,
        body: String? = nil, otherEnvironment: AccessRoute.Word = mismatch,
        otherWallet: AccessRoute.Word = outOfScope
    ) -> AccessRoute {
        AccessRoute(
            name: name, path: path(name, parameters), access: .permission(permission), body: body,
            otherOrganization: .refused(404, notFound), otherEnvironment: otherEnvironment, otherWallet: otherWallet)
    }

    /// A route that is about all of the caller's own: everybody is told of theirs.
    private func all(
        _ name: String, _ permission: Permission, query: String = "", body: String? = nil,
        otherWallet: AccessRoute.Word = .allowed
    ) -> AccessRoute {
        AccessRoute(
            name: name, path: path(name, [:]) + query, access: .permission(permission), body: body,
            otherWallet: otherWallet)
    }

    private func path(_ name: String, _ parameters: [String: String]) -> String {
        parameters.reduce(String(name.drop { $0 != " " }.dropFirst())) { path, parameter in
            path.split(separator: "/", omittingEmptySubsequences: false)
                .map { $0 == ":\(parameter.key)" ? Substring(parameter.value) : $0 }.joined(separator: "/")
        }
    }

    // MARK: - Rows

    private var links: [AccessRoute] {
        let creation = #"{"walletId":"\#(subjects.wallet)","amount":"1.00"}"#
        let notFound = "PAYMENT_LINK_NOT_FOUND"
        return [
            one("POST /v1/payment-links", .paymentsWrite, [:], notFound: "WALLET_NOT_FOUND", body: creation),
            all("GET /v1/payment-links", .paymentsRead),
            one("GET /v1/payment-links/:id", .paymentsRead, ["id": subjects.link.id], notFound: notFound),
            one("PATCH /v1/payment-links/:id", .paymentsWrite, ["id": subjects.link.id], notFound: notFound),
            one("POST /v1/payment-links/:id/release", .paymentsWrite, ["id": subjects.link.id], notFound: notFound),
            AccessRoute(
                name: "POST /v1/payment-links/batch", path: "/v1/payment-links/batch",
                access: .permission(.paymentsWrite), body: creation, contentType: "application/x-ndjson"),
        ]
    }

    private var documentation: [AccessRoute] {
        ["/openapi.json", "/docs"].map {
            AccessRoute(name: "GET \($0)", path: $0, access: .publicWithoutKey, body: nil)
        }
    }

    private var claims: [AccessRoute] {
        let details = "/v1/payment-links/claim/:slug"
        let release = "/v1/payment-links/claim/:slug/claims/:claimId/release"
        let slug = subjects.link.slug
        let line = BatchTests.claim(TestSystem.achClaim(), on: slug)
        return [
            AccessRoute(
                name: "GET \(details)", path: path("GET \(details)", ["slug": slug]), access: .publicWithoutKey,
                body: nil),
            AccessRoute(
                name: "POST \(release)",
                path: path("POST \(release)", ["slug": subjects.claimed.slug, "claimId": subjects.claimId]),
                access: .publicWithKey, body: TestSystem.achClaim()),
            AccessRoute(
                name: "POST /v1/payment-links/claims/batch", path: "/v1/payment-links/claims/batch",
                access: .anyKey, body: line, contentType: "application/x-ndjson"),
        ]
    }

    private var wallets: [AccessRoute] {
        let id = ["id": subjects.wallet.description]
        let notFound = "WALLET_NOT_FOUND"
        let reads = ["", "/balance", "/transactions", "/holds"].map {
            one("GET /v1/wallets/:id\($0)", .walletsRead, id, notFound: notFound)
        }
        let writes = ["PATCH /v1/wallets/:id", "POST /v1/wallets/:id/freeze", "POST /v1/wallets/:id/unfreeze"].map {
            one($0, .walletsWrite, id, notFound: notFound)
        }
        return [
            all("POST /v1/wallets", .walletsWrite, body: #"{"name":"A"}"#, otherWallet: Self.outOfScope),
            all("GET /v1/wallets", .walletsRead, query: "?limit=100"),
        ] + reads + writes
    }

    private var money: [AccessRoute] {
        let sandboxOnly = AccessRoute.Word.refused(403, "SANDBOX_ONLY")
        return [
            one(
                "POST /v1/wallets/:id/fund", .walletsWrite, ["id": subjects.wallet.description],
                notFound: "WALLET_NOT_FOUND", body: #"{"amount":"1.00"}"#, otherEnvironment: sandboxOnly),
            one(
                "POST /v1/sandbox/fund", .walletsWrite, [:], notFound: "WALLET_NOT_FOUND",
                body: #"{"walletId":"\#(subjects.wallet)","amount":1}"#, otherEnvironment: sandboxOnly),
            one(
                "GET /v1/transactions/:id", .walletsRead, ["id": subjects.transactionId],
                notFound: "TRANSACTION_NOT_FOUND"),
        ]
    }

    /// What the organization has chosen takes two permissions to change, and a key that reaches all wallets.
    private var organization: [AccessRoute] {
        var change = all("PATCH /v1/organization", .paymentsWrite, otherWallet: Self.outOfScope)
        change.alone = .refused(403, "PERMISSION_DENIED")
        return [all("GET /v1/organization", .paymentsRead), change]
    }

    /// A key's scope is about wallets: with it, a key reads and creates keys, and changes those that it covers.
    private var keys: [AccessRoute] {
        let id = ["id": subjects.keyId]
        return [
            all("POST /v1/api-keys", .keysWrite, body: #"{"name":"A","permissions":[]}"#),
            all("GET /v1/api-keys", .keysRead, query: "?limit=100"),
            one("GET /v1/api-keys/:id", .keysRead, id, notFound: "NOT_FOUND", otherWallet: .allowed),
            one("PATCH /v1/api-keys/:id", .keysWrite, id, notFound: "NOT_FOUND", otherWallet: Self.broader),
            // Revoked keys stay; but a revoked one is not found to be changed, so it is revoked by no one before.
            one("DELETE /v1/api-keys/:id", .keysWrite, id, notFound: "NOT_FOUND", otherWallet: Self.broader),
        ]
    }

    private var webhooks: [AccessRoute] {
        let id = ["id": subjects.webhookId]
        let notFound = "WEBHOOK_NOT_FOUND"
        return [
            all("POST /v1/webhooks", .webhooksWrite, body: #"{"url":"http://127.0.0.1:9/other"}"#),
            all("GET /v1/webhooks", .webhooksRead),
            all("GET /v1/events", .webhooksRead),
            one("GET /v1/webhooks/:id", .webhooksRead, id, notFound: notFound),
            one("GET /v1/webhooks/:id/deliveries", .webhooksRead, id, notFound: notFound),
            one("PATCH /v1/webhooks/:id", .webhooksWrite, id, notFound: notFound),
            one("POST /v1/webhooks/:id/rotate-secret", .webhooksWrite, id, notFound: notFound),
            one("POST /v1/webhooks/:id/test", .webhooksWrite, id, notFound: notFound),
            one(
                "POST /v1/webhooks/:id/replay", .webhooksWrite, id, notFound: notFound,
                body: #"{"since":"2020-01-01T00:00:00Z"}"#),
        ]
    }

    private var deliveries: [AccessRoute] {
        let dead = subjects.dead.map(\.description)
        // A dead delivery is looked for among the key's own: that of another environment or wallet is not there at all.
        let absent = AccessRoute.Word.refused(404, "NOT_FOUND")
        return [
            all("GET /v1/webhooks/dlq", .webhooksRead),
            one(
                "POST /v1/webhooks/:id/deliveries/:deliveryId/redeliver", .webhooksWrite,
                ["id": subjects.webhookId, "deliveryId": dead[0]], notFound: "WEBHOOK_NOT_FOUND"),
            one(
                "POST /v1/webhooks/dlq/:deliveryId/retry", .webhooksWrite, ["deliveryId": dead[1]],
                notFound: "NOT_FOUND", otherEnvironment: absent, otherWallet: absent),
            one(
                "POST /v1/webhooks/dlq/:deliveryId/discard", .webhooksWrite, ["deliveryId": dead[2]],
                notFound: "NOT_FOUND", otherEnvironment: absent, otherWallet: absent),
            one(
                "DELETE /v1/webhooks/:id", .webhooksWrite, ["id": subjects.webhookId], notFound: "WEBHOOK_NOT_FOUND"),
        ]
    }
}

/// Claims, each on a link of its own: a link is claimed once, so these two routes get their subjects as they are asked.
extension AccessTable {
    static func claim(on link: TestSystem.Link) -> AccessRoute {
        AccessRoute(
            name: "POST /v1/payment-links/claim/:slug/claim", path: link.claimPath, access: .publicWithKey,
            body: TestSystem.achClaim())
    }

    static func readClaim(_ id: String, on slug: String) -> AccessRoute {
        AccessRoute(
            name: "GET /v1/payment-links/claim/:slug/claims/:claimId",
            path: "/v1/payment-links/claim/\(slug)/claims/\(id)", access: .publicWithoutKey, body: nil)
    }
}

extension TestSystem {
    /// A delivery as the worker leaves it when its attempts are used up, of an event that is too old to be replayed.
    func insertDeadDelivery(_ id: DeliveryID, to webhook: WebhookID) async throws {
        _ = try await rows(
            """
            WITH event AS (
                INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at)
                SELECT ('00000000-0000-' || right($1::text, 22))::uuid, events.organization_id, events.environment,
                    events.type, events.link_id, events.body, 'epoch'
                FROM events JOIN webhooks USING (organization_id, environment)
                WHERE webhooks.id = $2
                LIMIT 1
                RETURNING id
            )
            INSERT INTO webhook_deliveries
                (id, webhook_id, event_id, event_type, status, attempts, created_at, finished_at)
            SELECT $1, $2, event.id, 'wallet.funded', 'FAILED', 10, now(), now() FROM event
            """, [.uuid(id.bits), .uuid(webhook.bits)])
    }
}
