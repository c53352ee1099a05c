extension Migration {
    /// Reserved.
    static let offers = Migration(number: 8, name: "offers", locking: "locks nothing", statements: [])
}
