import PaymentLinks

/// The id under which a caller and the log speak of one request.
package enum RequestID {
    private static let longest = 128

    /// The caller's own, if it is of at most 128 visible ASCII characters; else a new one.
    package static func make(from own: String?, using generator: inout some RandomNumberGenerator) -> String {
        if let own, isUsable(own) { return own }
        return ULID.mint(at: .now(), using: &generator).description
    }

    private static func isUsable(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
