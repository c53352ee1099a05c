extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D

    /// Whether the byte is in the range that Nacha records allow: space to tilde.
    var isPrintable: Bool { (0x20...0x7E).contains(self) }

    var isDigit: Bool { (Self.zero...Self.nine).contains(self) }

    var isUppercaseLetter: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
}

extension Collection<UInt8> {
    /// The decimal number that the bytes spell, or nil if a byte is not a digit or the number has over 18 digits.
    var decimal: Int64? {
        guard !isEmpty, count <= 18 else { return nil }
        var number: Int64 = 0
        for byte in self {
            guard byte.isDigit else { return nil }
            number = number * 10 + Int64(byte - .zero)
        }
        return number
    }
}
