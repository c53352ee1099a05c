extension Migration {
    /// Reserved.
    static let keyLineage = Migration(number: 12, name: "key lineage", locking: "locks nothing", statements: [])
}
