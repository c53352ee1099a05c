extension Migration {
    /// From when on events are kept, so that an audit does not miss those that were pruned.
    static let eventHorizon = Migration(
        number: 5, name: "event horizon", locking: "creates a new table only; locks nothing that exists",
        statements: [
            """
            CREATE TABLE event_horizon (
                only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
                kept_since timestamptz NOT NULL
            )
            """,
            "INSERT INTO event_horizon (kept_since) VALUES ('-infinity')",
        ])
}
