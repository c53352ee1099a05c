/// A JSON number with every digit that its sender wrote.
///
/// A binary fraction cannot hold 0.1 or 12345678901234567890, so numbers never pass through one. (RFC 8259, section 6)
package struct JSONNumber: Sendable, Hashable {
    /// The most digits that a number has when it is written without an exponent.
    package static let mostDigits = 64

    /// The value in its one spelling: no exponent, no needless zeros, and a minus for values below 0.
    package let text: String

    /// Reads a number that the JSON grammar allows; `nil` when it has more than `mostDigits` digits.
    package init?(json: some Collection<UInt8>) {
        var reading = Reading()
        for byte in json { reading.take(byte) }
        guard let text = reading.text else { return nil }
        self.text = text
    }

    /// The value, if it is whole and fits.
    package var integer: Int64? { Int64(text) }
}

extension JSONNumber: CustomStringConvertible {
    package var description: String { text }
}

/// What a number's characters come to, one after the other.
private struct Reading {
    private enum Part { case whole, fraction, exponent }

    private var part = Part.whole
    private var isNegative = false
    /// The digits from the first that is not 0, and no more of them than are ever needed.
    private var digits: [UInt8] = []
    /// Zeros that follow `digits`; they count once another digit comes.
    private var heldZeros = 0
    /// The power of ten of the place behind `digits` and `heldZeros`.
    private var scale = 0
    private var exponent = 0
    private var exponentIsNegative = false
    private var isTooLong = false

    /// Exponents beyond it make any number too long.
    private static let largestExponent = 1_000_000

    mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "-"): if part == .exponent { exponentIsNegative = true } else { isNegative = true }
        case UInt8(ascii: "."): part = .fraction
        case UInt8(ascii: "e"), UInt8(ascii: "E"): part = .exponent
        case UInt8(ascii: "0")...UInt8(ascii: "9"): take(digit: byte)
        default: break
        }
    }

    private mutating func take(digit: UInt8) {
        if part == .exponent {
            exponent = min(exponent * 10 + Int(digit - UInt8(ascii: "0")), Self.largestExponent)
            return
        }
        if part == .fraction { scale -= 1 }
        if digit == UInt8(ascii: "0") {
            if !digits.isEmpty { heldZeros += 1 }
            return
        }
        guard digits.count + heldZeros < JSONNumber.mostDigits else {
            isTooLong = true
            return
        }
        digits.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: heldZeros))
        heldZeros = 0
        digits.append(digit)
    }

    var text: String? {
        if isTooLong { return nil }
        if digits.isEmpty { return "0" }
        let power = scale + heldZeros + (exponentIsNegative ? -exponent : exponent)
        let wholeCount = max(digits.count + power, 1)
        guard wholeCount + max(-power, 0) <= JSONNumber.mostDigits else { return nil }
        return (isNegative ? "-" : "") + Self.spelt(digits, power: power)
    }

    private static func spelt(_ digits: [UInt8], power: Int) -> String {
        func zeros(_ count: Int) -> String { String(repeating: "0", count: max(count, 0)) }
        let text = String(decoding: digits, as: UTF8.self)
        if power >= 0 { return text + zeros(power) }
        let wholeCount = digits.count + power
        if wholeCount <= 0 { return "0." + zeros(-wholeCount) + text }
        let whole = String(decoding: digits.prefix(wholeCount), as: UTF8.self)
        return whole + "." + String(decoding: digits.dropFirst(wholeCount), as: UTF8.self)
    }
}
