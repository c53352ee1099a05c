extension Migration {
    /// Numbers the leases of deliveries, and keeps each endpoint's back-off where every worker and its owner see it.
    ///
    /// A worker that answers late holds an older lease than the row. `recoveries` counts how often an endpoint became
    /// well again: a worker that knows a lower number forgets the failures that it remembers.
    static let deliveryLeases = Migration(
        number: 11, name: "delivery leases",
        locking: "locks webhooks and webhook_deliveries for an instant: constant defaults rewrite no row",
        statements: [
            "LOCK TABLE webhooks, webhook_deliveries IN ACCESS EXCLUSIVE MODE",
            "ALTER TABLE webhook_deliveries ADD COLUMN lease bigint NOT NULL DEFAULT 0",
            """
            ALTER TABLE webhooks
                ADD COLUMN backoff_until timestamptz,
                ADD COLUMN backoff_reason text,
                ADD COLUMN recoveries bigint NOT NULL DEFAULT 0,
                ADD CONSTRAINT webhooks_backoff CHECK ((backoff_until IS NULL) = (backoff_reason IS NULL))
            """,
        ])
}
