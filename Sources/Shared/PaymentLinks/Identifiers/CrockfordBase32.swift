/// Crockford's base 32: the digits, and the letters but I, L, O and U, which eyes confuse with digits and words.
///
/// It is computed rather than looked up. A table would be a global, and every use of it would ask first whether it is
/// there; identifiers are read and written by the dozen for each claim.
enum CrockfordBase32 {
    /// The ASCII character of a value from 0 to 31.
    static func upperCaseCharacter(_ value: UInt8) -> UInt8 {
        if value < 10 { return UInt8(ascii: "0") + value }
        return UInt8(ascii: "A") + value - 10 + skippedLetters(before: value)
    }

    /// The same in lower case, as slugs are written.
    static func lowerCaseCharacter(_ value: UInt8) -> UInt8 {
        value < 10 ? upperCaseCharacter(value) : upperCaseCharacter(value) | caseBit
    }

    /// The value of an ASCII character of either case, or nil for any that is not of the alphabet.
    static func value(of character: UInt8) -> UInt8? {
        if isDigit(character) { return character - UInt8(ascii: "0") }
        let letter = character & ~caseBit
        return switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "H"): letter - UInt8(ascii: "A") + 10
        case UInt8(ascii: "J"), UInt8(ascii: "K"): letter - UInt8(ascii: "J") + 18
        case UInt8(ascii: "M"), UInt8(ascii: "N"): letter - UInt8(ascii: "M") + 20
        case UInt8(ascii: "P")...UInt8(ascii: "T"): letter - UInt8(ascii: "P") + 22
        case UInt8(ascii: "V")...UInt8(ascii: "Z"): letter - UInt8(ascii: "V") + 27
        default: nil
        }
    }

    /// What tells a lower-case letter from an upper-case one.
    private static var caseBit: UInt8 { 0x20 }

    private static func isDigit(_ character: UInt8) -> Bool {
        character >= UInt8(ascii: "0") && character <= UInt8(ascii: "9")
    }

    /// How many of I, L, O and U come before the letter of a value.
    private static func skippedLetters(before value: UInt8) -> UInt8 {
        (value >= 18 ? 1 : 0) + (value >= 20 ? 1 : 0) + (value >= 22 ? 1 : 0) + (value >= 27 ? 1 : 0)
    }
}
