import FoundationEssentials

/// The same 128 bits as Postgres shows them: hexadecimal digits in five groups. (RFC 9562)
extension ULID {
    package init?(uuid text: some StringProtocol) {
        guard let uuid = UUID(uuidString: String(text)) else { return nil }
        self.init(bits: withUnsafeBytes(of: uuid.uuid) { $0.reduce(0) { $0 << 8 | UInt128($1) } })
    }

    package var uuid: String {
        let digits = String(bits, radix: 16)
        var text = String(repeating: "0", count: 32 - digits.count) + digits
        // From the back, so that no hyphen moves the place of the next.
        for place in [20, 16, 12, 8] { text.insert("-", at: text.index(text.startIndex, offsetBy: place)) }
        return text
    }
}
