/// The character that tells apart the files of one day with the same origin and destination.
///
/// The order is A to Z, then 0 to 9: 36 files a day.
package struct FileIDModifier: Hashable, Sendable {
    /// An ASCII letter from A to Z or a digit.
    package let character: UInt8

    /// How many modifiers exist.
    package static let count = 36

    /// The result is nil if the byte is not an upper-case letter or a digit.
    package init?(character: UInt8) {
        guard character.isUppercaseLetter || character.isDigit else { return nil }
        self.character = character
    }

    /// The modifier of the day's file at a zero-based index. The result is nil from 36 on.
    package init?(index: Int) {
        switch index {
        case 0..<26: character = UInt8(ascii: "A") + UInt8(index)
        case 26..<Self.count: character = .zero + UInt8(index - 26)
        default: return nil
        }
    }
}

extension FileIDModifier: CustomStringConvertible {
    package var description: String { String(UnicodeScalar(character)) }
}
