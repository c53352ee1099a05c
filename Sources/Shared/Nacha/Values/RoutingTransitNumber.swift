/// A routing number whose check digit is right: eight digits of the institution and one check digit.
package struct RoutingTransitNumber: Hashable, Sendable {
    package let institution: DFIIdentification

    package init(institution: DFIIdentification) {
        self.institution = institution
    }

    /// Reads nine digits. The result is nil if the check digit is wrong or all digits are zero.
    package init?(_ digits: String) {
        guard digits.utf8.count == 9, let number = digits.utf8.decimal else { return nil }
        guard let institution = DFIIdentification(number: number / 10) else { return nil }
        guard institution.checkDigit == Int(number % 10) else { return nil }
        self.institution = institution
    }

    package var checkDigit: Int { institution.checkDigit }
}

extension RoutingTransitNumber: CustomStringConvertible {
    package var description: String { "\(institution)\(checkDigit)" }
}
