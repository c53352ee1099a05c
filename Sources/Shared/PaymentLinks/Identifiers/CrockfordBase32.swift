/// Crockford's base 32: the digits, and the letters but I, L, O and U, which eyes confuse with digits and words.
enum CrockfordBase32 {
    /// The ASCII character of a value from 0 to 31.
    static func upperCaseCharacter(_ value: UInt8) -> UInt8 {
        upperCase[Int(value)]
    }

    /// The same in lower case, as slugs are written.
    static func lowerCaseCharacter(_ value: UInt8) -> UInt8 {
        let character = upperCase[Int(value)]
        return character < UInt8(ascii: "A") ? character : character | 0x20
    }

    /// The value of an ASCII character of either case, or nil for any that is not of the alphabet.
    static func value(of character: UInt8) -> UInt8? {
        let value = values[Int(character)]
        return value < 32 ? value : nil
    }

    private static let upperCase = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The value of each byte, 255 where the byte is not of the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: .max, count: 256)
        for value in 0..<32 as Range<UInt8> {
            values[Int(upperCaseCharacter(value))] = value
            values[Int(lowerCaseCharacter(value))] = value
        }
        return values
    }()
}
