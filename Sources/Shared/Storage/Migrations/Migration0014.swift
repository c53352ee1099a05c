extension Migration {
    /// What a link remembers of the claims that did not win it.
    static let linkTallies = Migration(
        number: 14, name: "link tallies",
        locking:
            "locks payment_links for a moment; both columns have a constant default, so no row is read or rewritten",
        statements: [
            """
            ALTER TABLE payment_links
                ADD COLUMN stored_answers integer NOT NULL DEFAULT 0,
                ADD COLUMN differing_claims integer NOT NULL DEFAULT 0
            """
        ])
}
