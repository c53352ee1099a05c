/// What is stored about a written file, so that a changed account number is found when the file comes back.
///
/// No total of a Nacha file covers account numbers, names, or dates. The caller digests (with SHA-256) the bytes of the
/// file and the 94 columns of each row, and keeps the digests. This library has no digest of its own.
package struct RowDigests: Hashable, Sendable {
    /// One digest for each row in order, padding excluded.
    package private(set) var digests: [[UInt8]] = []

    package init() {}

    package init(digests: [[UInt8]]) {
        self.digests = digests
    }

    /// Adds the digests of the next rows.
    package mutating func append(_ rows: [Row], digest: ([UInt8]) -> [UInt8]) {
        digests += rows.map { digest($0.columns) }
    }

    /// The differences between the stored rows and the rows of a file that came back.
    ///
    /// The form of the file does not matter: CRLF instead of LF, and missing padding, are no differences.
    package func differences(from rows: [Row], digest: ([UInt8]) -> [UInt8]) -> [Difference] {
        var differences: [Difference] = []
        for (row, stored) in zip(rows, digests) where digest(row.columns) != stored {
            differences.append(.changed(line: row.line))
        }
        differences += rows.dropFirst(digests.count).map { .added(line: $0.line) }
        if rows.count < digests.count { differences.append(.missing(rows: digests.count - rows.count)) }
        return differences
    }

    package enum Difference: Hashable, Sendable {
        case changed(line: Int)
        /// The stored file ended before this line.
        case added(line: Int)
        /// The stored file has this many more rows at its end.
        case missing(rows: Int)
    }
}
