/// Why an amount was refused; each reason's message says how to write it instead.
package enum AmountError: FieldProblem, Hashable {
    /// A JSON number, or anything else that is not a string: a binary fraction cannot hold 0.10.
    case notAString
    case empty
    case signed
    case exponent
    case spaces
    case separators
    case leadingZeros
    case malformed
    case tooManyDecimals(Currency)
    case notPositive
    case tooLarge

    package var code: String {
        switch self {
        case .notAString: "NOT_A_STRING"
        case .empty: "EMPTY"
        case .signed: "SIGN_NOT_ALLOWED"
        case .exponent: "EXPONENT_NOT_ALLOWED"
        case .spaces: "SPACES_NOT_ALLOWED"
        case .separators: "SEPARATORS_NOT_ALLOWED"
        case .leadingZeros: "LEADING_ZEROS_NOT_ALLOWED"
        case .malformed: "NOT_A_DECIMAL"
        case .tooManyDecimals: "TOO_MANY_DECIMALS"
        case .notPositive: "NOT_POSITIVE"
        case .tooLarge: "TOO_LARGE"
        }
    }

    package var message: String {
        switch self {
        case .notAString: "Send the amount as a string in quotes, such as \"150.00\"."
        case .empty: "Send an amount, such as \"150.00\"."
        case .signed: "Leave the sign out: amounts are always positive."
        case .exponent: "Write the amount out in digits, without an exponent."
        case .spaces: "Remove the spaces from the amount."
        case .separators: "Remove the thousands separators, and put a point before the decimals."
        case .leadingZeros: "Remove the leading zeros; a single one before the point is right."
        case .malformed: "Use digits and at most one point with digits on both sides, such as \"0.50\"."
        case .tooManyDecimals(let currency): "Use at most \(currency.scale) decimals for \(currency.rawValue)."
        case .notPositive: "Send an amount greater than 0."
        case .tooLarge: "Send at most 9999999999.99."
        }
    }
}
