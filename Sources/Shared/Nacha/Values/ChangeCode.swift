/// What a notification of change corrects: C01 to C99. Source: Nacha Operating Rules, Appendix Five.
package struct ChangeCode: Hashable, Sendable {
    /// 1 to 99.
    package let number: Int

    package init?(number: Int) {
        guard (1...99).contains(number) else { return nil }
        self.number = number
    }

    /// Reads `C` and two digits.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 3, bytes[0] == UInt8(ascii: "C"), let number = bytes.dropFirst().decimal else {
            return nil
        }
        self.init(number: Int(number))
    }
}

extension ChangeCode: CustomStringConvertible {
    package var description: String { number < 10 ? "C0\(number)" : "C\(number)" }
}
