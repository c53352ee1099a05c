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
    /// Tables whose rows the service locks and does not change. A right to update one column is enough for that.
    private var lock: [String] = []

    /// The statements that give a database user exactly these rights on the tables of the current schema.
    package func statements(to user: String) -> [String] {
        let name = "\"" + user.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        let grants = [("SELECT", read), ("INSERT", insert), ("UPDATE", update), ("DELETE", delete)]
        return ["REVOKE ALL ON ALL TABLES IN SCHEMA public FROM \(name);"]
            + grants.filter { !$0.1.isEmpty }.map { privilege, tables in
                "GRANT \(privilege) ON \(tables.sorted().joined(separator: ", ")) TO \(name);"
            }
            + lock.sorted().map { "GRANT UPDATE (\(Self.lockedColumn(of: $0))) ON \($0) TO \(name);" }
    }

    private static func lockedColumn(of table: String) -> String {
        table == "webhook_attempts" ? "attempted_at" : "created_at"
    }

    /// Every table that some service may touch.
    package var tables: Set<String> { Set(read + insert + update + delete + lock) }

    /// The tables that the service may change.
    package var changedTables: Set<String> { Set(insert + update + delete) }

    package static let all = [apiGateway, claimWorker, expiryWorker, webhookWorker]

    private static let apiGateway = ServiceGrants(
        service: "api-gateway",
        read: [
            "api_keys", "claims", "entries", "event_horizon", "events", "idempotency_keys", "job_results",
            "link_expirations", "offers", "organizations", "outbox", "payment_links", "sealing_uses", "transactions",
            "wallets",
            "webhook_attempts", "webhook_deliveries", "webhooks",
        ],
        insert: [
            "api_keys", "entries", "events", "idempotency_keys", "link_expirations", "outbox", "sealing_uses",
            "transactions", "wallets", "webhook_deliveries", "webhooks",
        ],
        update: [
            "api_keys", "claims", "organizations", "outbox", "payment_links", "sealing_uses", "transactions", "wallets",
            "webhook_deliveries", "webhooks",
        ],
        delete: ["offers", "outbox"])

    private static let claimWorker = ServiceGrants(
        service: "claim-worker",
        read: [
            "claims", "entries", "events", "idempotency_keys", "job_results", "link_expirations", "offers",
            "organizations",
            "outbox", "payment_links", "suspense", "transactions", "wallets",
        ],
        insert: [
            "claims", "entries", "events", "idempotency_keys", "job_results", "link_expirations", "offers", "outbox",
            "payment_links", "suspense", "transactions",
        ],
        update: ["claims", "offers", "outbox", "payment_links", "transactions", "wallets"],
        delete: ["offers", "outbox"])

    private static let expiryWorker = ServiceGrants(
        service: "expiry-worker",
        read: [
            "claims", "event_horizon", "events", "idempotency_keys", "job_results", "link_expirations", "offers",
            "organizations", "outbox", "payment_links", "suspense", "webhook_attempts", "webhook_deliveries",
            "webhooks",
        ],
        insert: ["events", "link_expirations", "outbox"],
        update: ["claims", "event_horizon", "offers", "outbox", "payment_links", "webhook_deliveries"],
        delete: [
            "claims", "events", "idempotency_keys", "job_results", "link_expirations", "offers", "outbox",
            "webhook_attempts", "webhook_deliveries",
        ],
        lock: ["events", "idempotency_keys", "job_results", "webhook_attempts", "webhooks"])

    private static let webhookWorker = ServiceGrants(
        service: "webhook-worker",
        read: ["events", "outbox", "payment_links", "webhook_attempts", "webhook_deliveries", "webhooks"],
        insert: ["events", "outbox", "webhook_attempts", "webhook_deliveries"],
        update: ["webhook_deliveries", "webhooks"],
        delete: ["outbox"])
}
