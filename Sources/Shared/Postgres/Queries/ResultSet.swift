/// What the server answered to one query of a unit.
package struct ResultSet: Sendable {
    let handle: ResultHandle

    init(_ handle: ResultHandle) {
        self.handle = handle
    }

    /// How many rows the statement inserted, updated, deleted or returned.
    package var affectedRows: Int { handle.affectedRows }

    package var rows: Rows { Rows(handle: handle) }
}

/// The rows of a result, in the server's order; they are read where they lie and copied only value by value.
package struct Rows: RandomAccessCollection, Sendable {
    fileprivate let handle: ResultHandle

    package var startIndex: Int { 0 }
    package var endIndex: Int { handle.rowCount }

    package subscript(position: Int) -> Row {
        precondition(position >= 0 && position < handle.rowCount, "the result has no such row")
        return Row(handle: handle, index: position)
    }
}
