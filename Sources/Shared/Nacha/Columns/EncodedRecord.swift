/// The 94 columns of a record while its fields are put into them.
struct EncodedRecord: Hashable, Sendable {
    private(set) var columns = [UInt8](repeating: .space, count: RecordType.columns)

    init(_ type: RecordType) {
        columns[0] = type.rawValue
    }

    /// Puts a text left-justified. What exceeds the field is cut.
    mutating func put(_ text: NachaText, _ field: Field) {
        put(text.value, field)
    }

    mutating func put(_ text: String, _ field: Field) {
        var column = field.offsets.lowerBound
        for byte in text.utf8.prefix(field.length) {
            columns[column] = byte
            column += 1
        }
    }

    /// Puts a number right-justified and zero-filled. Digits that exceed the field on the left are cut.
    mutating func put(_ number: Int64, _ field: Field) {
        var rest = number.magnitude
        for column in field.offsets.reversed() {
            columns[column] = .zero + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// Leaves the field blank if there is no number.
    mutating func put(_ number: Int64?, _ field: Field) {
        if let number { put(number, field) }
    }
}
