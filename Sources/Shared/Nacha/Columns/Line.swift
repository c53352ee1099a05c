/// One record's bytes, space-filled to 94 columns, with its place in the file.
struct Line: Hashable, Sendable {
    /// Counted from 1.
    let number: Int
    /// The offset of the first column in the file, in bytes.
    let offset: Int
    /// How many columns the line had before it was filled or cut. The line break does not count.
    let length: Int
    /// Exactly 94 bytes.
    let columns: [UInt8]

    /// Fills or cuts the bytes to 94 columns. `length` counts also the bytes that the caller dropped.
    init(number: Int, offset: Int, bytes: some Collection<UInt8>, length: Int) {
        self.number = number
        self.offset = offset
        self.length = length
        var columns = Array(bytes.prefix(RecordType.columns))
        for _ in columns.count..<RecordType.columns { columns.append(.space) }
        self.columns = columns
    }

    subscript(field: Field) -> ArraySlice<UInt8> { columns[field.offsets] }

    /// The field's number, or nil if it has another character than a digit.
    func digits(_ field: Field) -> Int64? { self[field].decimal }

    /// The field's text without trailing spaces, or nil if a byte is not printable.
    func text(_ field: Field) -> NachaText? { NachaText(printable: self[field]) }

    func isBlank(_ field: Field) -> Bool { self[field].allSatisfy { $0 == .space } }

    var isAllNines: Bool { length == RecordType.columns && columns.allSatisfy { $0 == .nine } }
}

extension Line: CustomStringConvertible, CustomReflectable {
    var description: String { "line \(number)" }

    /// Omits the columns, because they contain account numbers.
    var customMirror: Mirror { Mirror(self, children: ["number": number, "length": length]) }
}
