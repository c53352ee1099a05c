extension Migration {
    /// The key that created each key, so that a revocation can include what a key has handed out; and whether the keys
    /// that set up an endpoint could read balances.
    static let keyLineage = Migration(
        number: 12, name: "key lineage",
        locking:
            "locks api_keys and webhooks for an instant: the new columns rewrite nothing, and no key has a creator",
        statements: [
            "ALTER TABLE api_keys ADD COLUMN created_by uuid",
            "ALTER TABLE webhooks ADD COLUMN shows_balances boolean NOT NULL DEFAULT true",
            "CREATE INDEX api_keys_by_creator ON api_keys (created_by) WHERE created_by IS NOT NULL",
        ])
}
