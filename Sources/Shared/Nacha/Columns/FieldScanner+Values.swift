extension FieldScanner {
    mutating func address(_ field: Field) -> FileAddress? {
        code(field, .malformedAddress) { FileAddress(bytes: Array($0)) }
    }

    mutating func institution(_ field: Field) -> DFIIdentification? {
        value(field, .outOfRange, DFIIdentification.init(number:))
    }

    mutating func trace(_ field: Field) -> TraceNumber? {
        value(field, .outOfRange, TraceNumber.init(number:))
    }

    mutating func dayOfYear(_ field: Field) -> DayOfYear? {
        optional(field, .outOfRange) { DayOfYear(Int($0)) }
    }

    mutating func returnCode(_ field: Field) -> ReturnCode? {
        code(field, .unknownCode) { ReturnCode(String(decoding: $0, as: UTF8.self)) }
    }

    /// The two digits of a return code, without its `R`.
    mutating func returnCodeDigits(_ field: Field) -> ReturnCode? {
        value(field, .unknownCode) { ReturnCode(number: Int($0)) }
    }
}

extension NachaText {
    /// Transliterates the text and cuts it to the field.
    init(_ text: String, _ field: Field) {
        self.init(transliterating: text, columns: field.length)
    }
}

extension Int64 {
    /// The number itself if it is in the range; an error with the field's name otherwise.
    func fitting(_ field: Field, _ range: ClosedRange<Int64>) throws(NachaValueError) -> Int64 {
        guard range.contains(self) else { throw NachaValueError(field, .outOfRange) }
        return self
    }
}

extension NachaText {
    /// The text itself if it is not blank; an error with the field's name otherwise.
    func mandatory(_ field: Field) throws(NachaValueError) -> NachaText {
        if isBlank { throw NachaValueError(field, .mustNotBeBlank) }
        return self
    }
}
