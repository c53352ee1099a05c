/// Why a text is not a routing number.
package enum RoutingNumberError: FieldProblem, Hashable {
    case malformed
    case checkDigit

    package var code: String {
        switch self {
        case .malformed: "INVALID_ROUTING_NUMBER"
        case .checkDigit: "INVALID_CHECK_DIGIT"
        }
    }

    package var message: String {
        switch self {
        case .malformed: "Send the bank's routing number: 9 digits."
        case .checkDigit: "The routing number's check digit is wrong: compare all 9 digits with the bank's."
        }
    }
}

/// The nine digits that name a bank in the United States, the last of which checks the others.
///
/// It prints masked, for beside an account number it is half of what a thief needs.
package struct RoutingNumber: Hashable, Sendable {
    /// All nine digits. Only sealing and the bank file's writer have a use for them.
    package let unmasked: String

    package init(_ string: String) throws(RoutingNumberError) {
        let digits = Array(string.utf8)
        guard digits.count == 9, digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
            throw .malformed
        }
        guard digits.contains(where: { $0 != UInt8(ascii: "0") }) else { throw .malformed }
        guard Self.weightedSum(digits).isMultiple(of: 10) else { throw .checkDigit }
        unmasked = string
    }

    /// The first eight digits, which bank files call the receiving institution.
    package var institution: Substring { unmasked.prefix(8) }

    package var checkDigit: Substring { unmasked.suffix(1) }

    private static func weightedSum(_ digits: [UInt8]) -> Int {
        zip(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]).reduce(0) { $0 + Int($1.0 - UInt8(ascii: "0")) * $1.1 }
    }
}

extension RoutingNumber: MaskedText {}
