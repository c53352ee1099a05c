extension Migration {
    /// Reserved.
    static let debts = Migration(number: 9, name: "debts", locking: "locks nothing", statements: [])
}
