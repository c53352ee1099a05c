/// A field of a record: its name in the Nacha Operating Rules, its first column, and its length.
package struct Field: Hashable, Sendable {
    package let name: String
    /// The first column, counted from 1.
    package let column: Int
    package let length: Int

    init(_ name: String, column: Int, length: Int) {
        self.name = name
        self.column = column
        self.length = length
    }

    package var lastColumn: Int { column + length - 1 }

    /// The field's zero-based offsets in a record.
    var offsets: Range<Int> { column - 1..<column - 1 + length }

    /// The whole record, for breaches that concern no single field.
    static let record = Field("record", column: 1, length: RecordType.columns)
}
