extension Migration {
    /// Reserved.
    static let payerDigests = Migration(number: 13, name: "payer digests", locking: "locks nothing", statements: [])
}
