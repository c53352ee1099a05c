internal import CLibPQ

/// What the server answered to one statement; owns libpq's result and clears it. (`PGresult`, `PQclear`)
///
/// Sendable although it holds a pointer: libpq keeps no reference to a result that `PQgetResult` has handed out, no
/// function that is called here writes to it, and libpq documents results as read-only after creation and so safe to
/// pass between threads ("Behavior in Threaded Programs"). The pointer never leaves this class but for the length of a
/// closure, and `PQclear` runs once, in `deinit`, when no other reference is left.
@safe
final class ResultHandle: @unchecked Sendable {
    private let pointer: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    /// Takes ownership of a result, which it clears.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
        rowCount = Int(unsafe PQntuples(pointer))
        columnCount = Int(unsafe PQnfields(pointer))
    }

    deinit {
        unsafe PQclear(pointer)
    }

    /// How many rows the statement inserted, updated, deleted or returned. (`PQcmdTuples`)
    var affectedRows: Int {
        unsafe PQcmdTuples(pointer).flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }

    /// The word that the server sent as the statement's end, such as `COMMIT`. (`PQcmdStatus`)
    var commandTag: String {
        unsafe PQcmdStatus(pointer).map { unsafe String(cString: $0) } ?? ""
    }

    /// The identifier of a column's type. (`PQftype`)
    func type(ofColumn column: Int) -> UInt32 {
        unsafe PQftype(pointer, Int32(column))
    }

    /// A column's name, for error messages. (`PQfname`)
    func name(ofColumn column: Int) -> String {
        unsafe PQfname(pointer, Int32(column)).map { unsafe String(cString: $0) } ?? "?"
    }

    /// Hands the value's bytes to `body`, or returns nil for NULL. Row and column must exist. (`PQgetvalue`)
    func withBytes<Value>(row: Int, column: Int, _ body: (RawSpan) -> Value) -> Value? {
        let (row, column) = (Int32(row), Int32(column))
        guard unsafe PQgetisnull(pointer, row, column) == 0, let start = unsafe PQgetvalue(pointer, row, column) else {
            return nil
        }
        let count = Int(unsafe PQgetlength(pointer, row, column))
        return body(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count))
    }
}
