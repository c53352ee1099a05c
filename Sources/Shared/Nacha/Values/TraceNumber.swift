/// The 15 digits that identify an entry: the originating DFI and a sequence number.
///
/// Trace numbers ascend in a batch. In a return, the first eight digits identify the institution that returns.
package struct TraceNumber: Hashable, Sendable {
    package let institution: DFIIdentification
    /// 0 to 9,999,999.
    package let sequence: Int64

    /// The result is nil if the sequence has over seven digits or is negative.
    package init?(institution: DFIIdentification, sequence: Int64) {
        guard (0...9_999_999).contains(sequence) else { return nil }
        self.institution = institution
        self.sequence = sequence
    }

    /// Splits the 15-digit number. The result is nil if the institution is zero.
    package init?(number: Int64) {
        guard let institution = DFIIdentification(number: number / 10_000_000) else { return nil }
        self.init(institution: institution, sequence: number % 10_000_000)
    }

    /// Reads exactly 15 digits.
    package init?(_ digits: String) {
        guard digits.utf8.count == 15, let number = digits.utf8.decimal else { return nil }
        self.init(number: number)
    }

    /// Both parts as one number of 15 digits.
    package var number: Int64 { institution.number * 10_000_000 + sequence }
}

extension TraceNumber: Comparable {
    package static func < (left: TraceNumber, right: TraceNumber) -> Bool { left.number < right.number }
}

extension TraceNumber: CustomStringConvertible {
    package var description: String {
        let digits = String(sequence)
        return "\(institution)" + String(repeating: "0", count: 7 - digits.utf8.count) + digits
    }
}
