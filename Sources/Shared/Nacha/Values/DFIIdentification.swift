/// The eight digits that identify a depository financial institution (DFI) in a Nacha file.
///
/// They are the first eight digits of its routing number. Source: Nacha Operating Rules, Appendix Three.
package struct DFIIdentification: Hashable, Sendable {
    /// 1 to 99,999,999.
    package let number: Int64

    /// The result is nil if the number is not in 1 to 99,999,999.
    package init?(number: Int64) {
        guard (1...99_999_999).contains(number) else { return nil }
        self.number = number
    }

    /// Reads exactly eight digits that are not all zero.
    package init?(_ digits: String) {
        guard digits.utf8.count == 8, let number = digits.utf8.decimal else { return nil }
        self.init(number: number)
    }

    /// The ninth digit of the routing number.
    ///
    /// The weights 3, 7, 1 repeat over the digits. The check digit brings the sum to a multiple of ten.
    package var checkDigit: Int {
        var rest = number
        var sum: Int64 = 0
        for weight: Int64 in [7, 3, 1, 7, 3, 1, 7, 3] {
            sum += rest % 10 * weight
            rest /= 10
        }
        return Int((10 - sum % 10) % 10)
    }
}

extension DFIIdentification: CustomStringConvertible {
    package var description: String {
        let digits = String(number)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
