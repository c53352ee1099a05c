extension Migration {
    /// Clears the e-mail addresses that earlier versions stored with claims; digests take their place.
    static let clearedAddresses = Migration(
        number: 15, name: "cleared addresses",
        locking:
            "locks each claim that holds an address until all are cleared; claims that wait for settlement wait too",
        statements: ["UPDATE claims SET recipient_email = NULL WHERE recipient_email IS NOT NULL"])
}
