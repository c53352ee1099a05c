extension Migration {
    /// Reserved.
    static let eventOrder = Migration(number: 10, name: "event order", locking: "locks nothing", statements: [])
}
