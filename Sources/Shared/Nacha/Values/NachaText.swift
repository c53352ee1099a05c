/// A text as a Nacha record holds it: printable ASCII without trailing spaces.
///
/// Appendix Three of the Nacha Operating Rules limits alphanumeric fields to the characters from space to tilde,
/// left-justified and space-filled. The record pads the text again when it is written.
package struct NachaText: Hashable, Sendable {
    package let value: String

    /// Transliterates any text to at most `columns` upper-case characters.
    ///
    /// Leading and trailing spaces are dropped. A letter that expands to several characters is kept whole or dropped.
    package init(transliterating text: String, columns: Int) {
        value = Transliteration.fit(text, columns: columns)
    }

    /// Takes the bytes as they are, without trailing spaces.
    ///
    /// The result is nil if a byte is outside the printable ASCII range.
    package init?(printable bytes: some BidirectionalCollection<UInt8>) {
        guard bytes.allSatisfy(\.isPrintable) else { return nil }
        let end = bytes.lastIndex { $0 != .space }.map(bytes.index(after:)) ?? bytes.startIndex
        value = String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// The text with no characters, which fills its field with spaces.
    package static let blank = NachaText(transliterating: "", columns: 0)

    package var isBlank: Bool { value.isEmpty }
}

extension NachaText: CustomStringConvertible {
    package var description: String { value }
}
