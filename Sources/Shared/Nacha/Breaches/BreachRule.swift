/// The rule that a breach is about. Numbers are totals, counts, and columns, never account numbers.
package enum BreachRule: Hashable, Sendable {
    // The form of the file
    case emptyFile
    case emptyLine
    case lineTooLong(columns: Int)
    case lineTooShort(columns: Int)
    case mixedLineBreaks
    case notPrintable(byte: UInt8)
    case padding(expected: Int, found: Int)
    case paddingCharacter

    // The order of records
    case unknownRecordType
    case unexpectedRecord
    case missingRecord(RecordType)
    case secondFile
    case emptyBatch
    case noBatches

    // A single field
    case constant(String)
    case mustBeBlank
    case mustNotBeBlank
    case notNumeric
    case notLeftJustified
    case outOfRange
    case notADate
    case notATime
    case unknownCode
    case malformedAddress
    case checkDigit(expected: Int)

    // Several fields
    case contradictsServiceClass
    case notAllowedInBatch
    case mustBeZero
    case mustNotBeZero
    case notAscending(previous: Int64)
    case differs(expected: Int64)
    case differsFromHeader
    case addendaIndicator(addendaRecords: Int)
    case addendaLimit(Int)
    case addendaNotAllowed
    case missingReturnAddenda
    case mixedEntryKinds
}
