/// The reason of a return: R01 to R99. Source: Nacha Operating Rules, Appendix Four.
///
/// The reader does not compare codes with a list, because Nacha adds codes (R90 in 2026).
package struct ReturnCode: Hashable, Sendable {
    /// 1 to 99.
    package let number: Int

    package init?(number: Int) {
        guard (1...99).contains(number) else { return nil }
        self.number = number
    }

    /// Reads `R` and two digits.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 3, bytes[0] == UInt8(ascii: "R"), let number = bytes.dropFirst().decimal else {
            return nil
        }
        self.init(number: Int(number))
    }

    /// The originating DFI refuses a return: R61 to R70.
    package var isDishonored: Bool { (61...70).contains(number) }

    /// The receiving institution contests a dishonored return: R71 to R77.
    package var isContested: Bool { (71...77).contains(number) }
}

extension ReturnCode: CustomStringConvertible {
    package var description: String { number < 10 ? "R0\(number)" : "R\(number)" }
}
