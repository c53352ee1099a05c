/// What each service may do in the database, so that one service that is taken over cannot act as another.
///
/// The owner of the tables runs the statements after each migration: `paylinks grants` prints them. Triggers run with
/// the rights of the service that fires them.
package struct ServiceGrants: Sendable {
    /// The service, as `docker compose` and the roles name it.
    package let service: String
    private let read: [String]
    private let insert: [String]
    private let update: [String]
    private let delete: [String]

    /// The statements that give a database user exactly these rights on the tables of the current schema.
    package func statements(to user: String) -> [String] {
        let name = "\"" + user.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        let grants = [("SELECT", read), ("INSERT", insert), ("UPDATE", update), ("DELETE", delete)]
        return ["REVOKE ALL ON ALL TABLES IN SCHEMA public FROM \(name);"]
            + grants.filter { !$0.1.isEmpty }.map { privilege, tables in
                "GRANT \(privilege) ON \(tables.sorted().joined(separator: ", ")) TO \(name);"
            }
    }

    /// Every table that some service may touch.
    package var tables: Set<String> { Set(read + insert + update + delete) }

    /// The tables that the service may change.
    package var changedTables: Set<String> { Set(insert + update + delete) }

    package static let all = [apiGateway, claimWorker, expiryWorker, webhookWorker]

    private static let apiGateway = ServiceGrants(
        service: "api-gateway",
        read: [
            "api_keys", "claims", "entries", "event_horizon", "events", "idempotency_keys", "job_results",
            "link_expirations", "organizations", "outbox", "payment_links", "sealing_uses", "transactions", "wallets",
            "webhook_attempts", "webhook_deliveries", "webhooks",
        ],
        insert: [
            "api_keys", "entries", "events", "idempotency_keys", "link_expirations", "outbox", "sealing_uses",
            "transactions", "wallets", "webhook_deliveries", "webhooks",
        ],
        update: [
            "api_keys", "organizations", "payment_links", "sealing_uses", "wallets", "webhook_deliveries", "webhooks",
        ],
        delete: ["link_expirations", "outbox", "webhook_deliveries"])

    private static let claimWorker = ServiceGrants(
        service: "claim-worker",
        read: [
            "claims", "entries", "events", "idempotency_keys", "job_results", "link_expirations", "organizations",
            "outbox", "payment_links", "transactions", "wallets",
        ],
        insert: [
            "claims", "entries", "events", "idempotency_keys", "job_results", "link_expirations", "outbox",
            "payment_links", "transactions",
        ],
        update: ["claims", "payment_links", "transactions", "wallets"],
        delete: ["outbox"])

    private static let expiryWorker = ServiceGrants(
        service: "expiry-worker",
        read: [
            "claims", "event_horizon", "events", "idempotency_keys", "job_results", "link_expirations", "organizations",
            "outbox", "payment_links", "webhook_attempts", "webhook_deliveries", "webhooks",
        ],
        insert: ["events", "link_expirations", "outbox"],
        update: ["claims", "event_horizon", "outbox", "payment_links", "webhook_deliveries"],
        delete: [
            "claims", "events", "idempotency_keys", "job_results", "link_expirations", "outbox", "webhook_attempts",
            "webhook_deliveries",
        ])

    private static let webhookWorker = ServiceGrants(
        service: "webhook-worker",
        read: ["events", "outbox", "webhook_attempts", "webhook_deliveries", "webhooks"],
        insert: ["events", "outbox", "webhook_attempts", "webhook_deliveries"],
        update: ["webhook_deliveries", "webhooks"],
        delete: ["outbox"])
}
