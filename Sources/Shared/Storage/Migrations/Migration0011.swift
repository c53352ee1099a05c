extension Migration {
    /// Reserved.
    static let deliveryLeases = Migration(number: 11, name: "delivery leases", locking: "locks nothing", statements: [])
}
