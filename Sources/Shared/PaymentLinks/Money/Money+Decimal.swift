extension Money {
    /// Reads a caller's amount: digits, at most `currency.scale` decimals, above zero, at most 9,999,999,999.99.
    ///
    /// There is one way to write the whole part: no sign, no exponent, no spaces, no separators, no leading zeros.
    package init(decimal text: String, currency: Currency) throws(AmountError) {
        let (whole, fraction) = try Self.split(text)
        guard fraction.count <= currency.scale else { throw .tooManyDecimals(currency) }
        guard whole.count <= Self.mostWholeDigits else { throw .tooLarge }
        let units = Self.number(whole, then: fraction, scale: currency.scale)
        guard units > 0 else { throw .notPositive }
        guard units <= currency.largestAmountInMinorUnits else { throw .tooLarge }
        self.init(minorUnits: units, currency: currency)
    }

    /// Ten digits, those of 9,999,999,999: with six decimals they are far from an overflow.
    private static let mostWholeDigits = 10

    /// Splits at the point, and refuses by name whatever is not plain digits on its sides.
    private static func split(_ text: String) throws(AmountError) -> (whole: Digits, fraction: Digits) {
        guard !text.isEmpty else { throw .empty }
        for character in text.utf8 { try refuseForeignCharacter(character) }
        let parts = text.utf8.split(separator: point, omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { throw .malformed }
        let hasLeadingZero = parts[0].count > 1 && parts[0].first == zero
        guard !hasLeadingZero else { throw .leadingZeros }
        return (parts[0], parts.count == 2 ? parts[1] : ""[...].utf8)
    }

    private static func refuseForeignCharacter(_ character: UInt8) throws(AmountError) {
        switch character {
        case zero...nine, point: return
        case UInt8(ascii: "+"), UInt8(ascii: "-"): throw .signed
        case UInt8(ascii: "e"), UInt8(ascii: "E"): throw .exponent
        case UInt8(ascii: " "), 0x09...0x0D: throw .spaces
        case UInt8(ascii: ","), UInt8(ascii: "_"), UInt8(ascii: "'"): throw .separators
        default: throw .malformed
        }
    }

    private static func number(_ whole: Digits, then fraction: Digits, scale: Int) -> Int64 {
        var number: Int64 = 0
        for digit in whole { number = number * 10 + Int64(digit - zero) }
        for digit in fraction { number = number * 10 + Int64(digit - zero) }
        for _ in fraction.count..<scale { number *= 10 }
        return number
    }

    private typealias Digits = Substring.UTF8View

    private static let point = UInt8(ascii: ".")
    private static let zero = UInt8(ascii: "0")
    private static let nine = UInt8(ascii: "9")
}
