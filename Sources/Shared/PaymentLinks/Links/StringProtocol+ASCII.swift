extension StringProtocol {
    /// The text with the letters A to Z in lower case, and every other character as it is.
    ///
    /// `lowercased()` also maps characters outside ASCII: it turns U+212A, the Kelvin sign, into a `k`. Callers' text
    /// that is compared with a known name is folded with this instead.
    package var asciiLowercased: String {
        let text = String(self)
        guard text.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else { return text }
        return String(decoding: text.utf8.map(\.asciiLowercased), as: UTF8.self)
    }

    /// Whether two texts have the same bytes. `==` also holds for different spellings of one character.
    package func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension UInt8 {
    /// The byte, in lower case if it is an ASCII letter.
    package var asciiLowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
