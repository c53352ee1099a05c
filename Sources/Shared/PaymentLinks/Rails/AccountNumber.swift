/// Why a text is not an account number: it has one way to be wrong.
package enum AccountNumberError: FieldProblem, Hashable {
    case malformed

    package var code: String { "INVALID_ACCOUNT_NUMBER" }
    package var message: String { "Send the account number: 4 to 17 letters or digits." }
}

/// A bank account's number: 4 to 17 ASCII letters or digits, which is what a bank file has room for.
package struct AccountNumber: Hashable, Sendable {
    /// The whole number. Only sealing and the rails have a use for it.
    package let unmasked: String

    package init(_ string: String) throws(AccountNumberError) {
        guard (4...17).contains(string.utf8.count), string.utf8.allSatisfy(Self.isLetterOrDigit) else {
            throw .malformed
        }
        unmasked = string
    }

    private static func isLetterOrDigit(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}

extension AccountNumber: MaskedText {}
