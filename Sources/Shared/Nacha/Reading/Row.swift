/// One record of a file as it was read or written, with its exact bytes.
///
/// Lines of padding are not rows.
package struct Row: Hashable, Sendable {
    /// The line, counted from 1.
    package let line: Int
    /// Where the row stands in the file, without its line break. It is shorter than 94 if spaces were stripped.
    package let range: Range<Int>
    /// The 94 columns, space-filled. A caller digests these bytes: they are equal in every form of the file.
    package let columns: [UInt8]
    /// The record, or nil if the row has a breach of its own fields.
    package let record: NachaRecord?

    init(_ line: Line, record: NachaRecord?) {
        self.line = line.number
        range = line.offset..<line.offset + line.length
        columns = line.columns
        self.record = record
    }
}

extension Row: CustomStringConvertible, CustomReflectable {
    package var description: String { "row at line \(line)" }

    /// Omits the columns, because they contain account numbers.
    package var customMirror: Mirror { Mirror(self, children: ["line": line, "range": range]) }
}
