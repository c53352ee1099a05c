extension BreachRule: CustomStringConvertible {
    package var description: String {
        formDescription ?? orderDescription ?? fieldDescription ?? relationDescription
    }

    private var formDescription: String? {
        switch self {
        case .emptyFile: "The file is empty."
        case .emptyLine: "The line is empty."
        case .lineTooLong(let columns): "The line has \(columns) columns, not 94."
        case .lineTooShort(let columns): "The line ends after column \(columns), and the record needs 94."
        case .mixedLineBreaks: "The line break differs from the first one."
        case .notPrintable(let byte): "Byte \(byte) is not printable ASCII."
        case .padding(let expected, let found): "\(found) lines of 9s follow; the last block needs \(expected)."
        case .paddingCharacter: "A padding line has only 9s."
        default: nil
        }
    }

    private var orderDescription: String? {
        switch self {
        case .unknownRecordType: "No record has this type."
        case .unexpectedRecord: "The record cannot stand here."
        case .missingRecord(let type): "The \(type) is missing before this line."
        case .secondFile: "Another file starts here."
        case .emptyBatch: "The batch has no entries."
        case .noBatches: "The file has no batches."
        default: nil
        }
    }

    private var fieldDescription: String? {
        switch self {
        case .constant(let text): "The value is always \(text)."
        case .mustBeBlank: "The field must be blank."
        case .mustNotBeBlank: "The field must not be blank."
        case .notNumeric: "The field must contain only digits."
        case .notLeftJustified: "The field must start in its first column."
        case .outOfRange: "The number is out of range."
        case .notADate: "The value is not a date."
        case .notATime: "The value is not a time of day."
        case .unknownCode: "The code is unknown."
        case .malformedAddress: "The field needs a space and nine digits, or ten letters or digits."
        case .checkDigit(let expected): "The check digit must be \(expected)."
        default: nil
        }
    }

    private var relationDescription: String {
        switch self {
        case .contradictsServiceClass: "The batch's service class does not allow the code."
        case .notAllowedInBatch: "The batch's standard entry class does not allow the value."
        case .mustBeZero: "The transaction code requires zero."
        case .mustNotBeZero: "The transaction code requires an amount."
        case .notAscending(let previous): "The number must be greater than \(previous)."
        case .differs(let expected): "The value must be \(expected)."
        case .differsFromHeader: "The value differs from the batch header's."
        case .addendaIndicator(let count): "\(count) addenda records follow."
        case .addendaLimit(let limit): "An entry of the batch has at most \(limit) addenda records."
        case .addendaNotAllowed: "The entry cannot have this type of addenda record."
        case .missingReturnAddenda: "The code requires an addenda record of type 98 or 99."
        case .mixedEntryKinds: "Entries, returns, dishonored returns, and notifications need batches of their own."
        default: ""
        }
    }
}
