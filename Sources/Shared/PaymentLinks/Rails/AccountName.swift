/// Why a text is not an account's name.
package enum AccountNameError: FieldProblem, Hashable {
    case empty
    case tooLong
    case unprintable

    package var code: String {
        switch self {
        case .empty: "EMPTY"
        case .tooLong: "TOO_LONG"
        case .unprintable: "INVALID_CHARACTER"
        }
    }

    package var message: String {
        switch self {
        case .empty: "Send the name on the account."
        case .tooLong: "Send at most 256 characters of the name on the account."
        case .unprintable: "Remove line breaks, control and invisible characters from the name on the account."
        }
    }
}

/// The name of a bank account's holder: printable, not blank, of at most 256 characters.
package struct AccountName: Hashable, Sendable {
    package let string: String

    package init(_ string: String) throws(AccountNameError) {
        guard string.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { throw .empty }
        guard string.unicodeScalars.count <= 256 else { throw .tooLong }
        guard string.unicodeScalars.allSatisfy(Self.isPrintable) else { throw .unprintable }
        self.string = string
    }

    /// As much of the name as a bank file's field holds: 22 characters.
    package var forFile: String { String(string.prefix(22)) }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        case .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
