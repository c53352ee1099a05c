extension Migration {
    /// Rate limits of keys' own.
    static let keyRateLimits = Migration(
        number: 6, name: "key rate limits",
        locking: "locks api_keys for an instant: a column without a default rewrites nothing",
        statements: [
            "ALTER TABLE api_keys ADD COLUMN rate_limit bigint CHECK (rate_limit BETWEEN 1 AND 1000000)"
        ])
}
