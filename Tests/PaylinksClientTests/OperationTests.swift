import Foundation
import PaylinksClient
import Testing
import TestSupport

/// Every operation of `openapi.yaml` against what the client sends for it: the names of the path's parameters are given as
/// their values, so that a call is right only when it reaches the operation's own address.
@Suite("What the client reaches")
struct OperationTests {
    typealias Send = @Sendable (PaylinksClient) async throws -> Void

    /// Documents, which nobody needs a client for.
    private static let leftOut: Set = ["readOpenAPI", "readDocs"]

    static let calls: [String: Send] = links.merging(money) { $1 }.merging(keys) { $1 }.merging(webhooks) { $1 }

    private static let link = NewPaymentLink(walletId: "wal_1", amount: "1.00")
    private static let claim = NewClaim(from: .wallet(id: "wal_1"))

    private static let links: [String: Send] = [
        "createPaymentLink": { _ = try await $0.paymentLinks.create(link) },
        "createPaymentLinks": { for try await _ in $0.paymentLinks.createBatch([NewLinkLine(link)]) {} },
        "listPaymentLinks": { _ = try await $0.paymentLinks.list() },
        "readPaymentLink": { _ = try await $0.paymentLinks.get("id") },
        "cancelPaymentLink": { _ = try await $0.paymentLinks.cancel("id") },
        "readLinkDetails": { _ = try await $0.paymentLinks.details(slug: "slug") },
        "claimPaymentLink": { _ = try await $0.paymentLinks.claim(slug: "slug", claim) },
        "claimPaymentLinks": {
            for try await _ in $0.paymentLinks.claimBatch([NewClaimLine(slug: "slug", claim)]) {}
        },
        "readClaim": { _ = try await $0.paymentLinks.claim(slug: "slug", id: "claimId") },
        "releaseClaim": { _ = try await $0.paymentLinks.releaseClaim(slug: "slug", id: "claimId", claim) },
        "releasePaymentLink": { _ = try await $0.paymentLinks.release("id") },
    ]

    private static let money: [String: Send] = [
        "createWallet": { _ = try await $0.wallets.create(NewWallet(name: "A")) },
        "listWallets": { for try await _ in $0.wallets.all() {} },
        "readWallet": { _ = try await $0.wallets.get("id") },
        "changeWallet": { _ = try await $0.wallets.update("id", WalletChanges()) },
        "readBalance": { _ = try await $0.wallets.balance(of: "id") },
        "freezeWallet": { _ = try await $0.wallets.freeze("id") },
        "unfreezeWallet": { _ = try await $0.wallets.unfreeze("id") },
        "fundWallet": { _ = try await $0.wallets.fund("id", amount: "1.00") },
        "fundInSandbox": { _ = try await $0.sandbox.fund(walletId: "wal_1", amount: "1.00") },
        "listWalletTransactions": { for try await _ in $0.wallets.entries(of: "id") {} },
        "listHolds": { for try await _ in $0.wallets.holds(of: "id") {} },
        "readTransaction": { _ = try await $0.transactions.get("id") },
    ]

    private static let keys: [String: Send] = [
        "readOrganization": { _ = try await $0.organization.get() },
        "changeOrganization": { _ = try await $0.organization.update(OrganizationChanges(reopenAfterReturn: true)) },
        "createKey": { _ = try await $0.apiKeys.create(NewAPIKey(name: "A", permissions: [])) },
        "listKeys": { for try await _ in $0.apiKeys.all() {} },
        "readKey": { _ = try await $0.apiKeys.get("id") },
        "changeKey": { _ = try await $0.apiKeys.update("id", APIKeyChanges(rateLimit: .clear)) },
        "revokeKey": { try await $0.apiKeys.revoke("id") },
    ]

    private static let webhooks: [String: Send] = [
        "createWebhook": { _ = try await $0.webhooks.create(url: "https://example.com") },
        "listWebhooks": { for try await _ in $0.webhooks.all() {} },
        "readWebhook": { _ = try await $0.webhooks.get("id") },
        "changeWebhook": { _ = try await $0.webhooks.update("id", WebhookChanges()) },
        "deleteWebhook": { try await $0.webhooks.delete("id") },
        "rotateWebhookSecret": { _ = try await $0.webhooks.rotateSecret("id") },
        "testWebhook": { _ = try await $0.webhooks.test("id") },
        "listDeliveries": { for try await _ in $0.webhooks.deliveries(of: "id") {} },
        "redeliver": { _ = try await $0.webhooks.redeliver("deliveryId", of: "id") },
        "replayEvents": { _ = try await $0.webhooks.replay("id", since: .now) },
        "listDeadDeliveries": { _ = try await $0.webhooks.deadDeliveries() },
        "retryDeadDelivery": { _ = try await $0.webhooks.retryDead("deliveryId") },
        "discardDeadDelivery": { _ = try await $0.webhooks.discardDead("deliveryId") },
        "listEvents": { _ = try await $0.events.list() },
    ]

    /// Method and address of each operation, the braces of its parameters taken away.
    private static func operations() throws -> [String: String] {
        let paths = try YAMLDocument.read("openapi.yaml")["paths"]
        var operations: [String: String] = [:]
        for path in paths.names {
            for method in paths[path].names {
                guard let name = paths[path][method]["operationId"].string else { continue }
                operations[name] = "\(method.uppercased()) \(path.filter { $0 != "{" && $0 != "}" })"
            }
        }
        return operations
    }

    @Test("The table has every documented operation but the documents themselves, and no other")
    func names() throws {
        let documented = Set(try Self.operations().keys)
        #expect(documented.count > 30 && documented.isSuperset(of: Self.leftOut))
        #expect(Set(Self.calls.keys) == documented.subtracting(Self.leftOut))
    }

    @Test("Each call sends one request, to its operation's address", arguments: Self.calls.keys.sorted())
    func addresses(_ name: String) async throws {
        let operation = try #require(try Self.operations()[name])
        let send = try #require(Self.calls[name])
        let server = try await WebhookReceiver.start { _ in .init(500) }
        let client = PaylinksClient(
            baseURL: "http://127.0.0.1:\(server.port)", maxRetries: 0, httpClient: API.client)
        await #expect(throws: PaylinksError.self) { try await send(client) }
        await server.stop()
        #expect(server.received.map { "\($0.method) \($0.target.prefix { $0 != "?" })" } == [operation])
    }
}
