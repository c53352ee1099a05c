internal import CLibPQ

/// One thing that libpq handed out for a pipeline, and what it says.
enum Answer {
    /// Rows or a completion; the handle owns them.
    case success(ResultHandle)
    /// An error of the server. After a fatal one the connection is gone.
    case failure(ServerError, isFatal: Bool)
    /// An error of the connection itself, without a word from the server.
    case fault
    case aborted
    case null
    case sync
    case other

    /// Takes over the result, which is cleared at once unless the answer keeps it. (`PQresultStatus`)
    init(adopting result: OpaquePointer) {
        let handle = unsafe ResultHandle(adopting: result)
        self =
            switch unsafe PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .success(handle)
            case PGRES_FATAL_ERROR: unsafe Self.failure(result)
            case PGRES_PIPELINE_ABORTED: .aborted
            case PGRES_PIPELINE_SYNC: .sync
            default: .other
            }
        withExtendedLifetime(handle) {}
    }

    var event: PipelineStateMachine.Event {
        switch self {
        case .success: .success
        case .failure: .failure
        case .aborted: .aborted
        case .null: .null
        case .sync: .sync
        case .fault, .other: .other
        }
    }

    private static func failure(_ result: OpaquePointer) -> Answer {
        guard let sqlState = unsafe field("C", of: result) else { return .fault }
        let error = unsafe ServerError(
            sqlState: sqlState,
            message: field("M", of: result) ?? "",
            constraint: field("n", of: result),
            table: field("t", of: result))
        let severity = unsafe field("V", of: result) ?? field("S", of: result)
        return .failure(error, isFatal: severity == "FATAL" || severity == "PANIC")
    }

    /// A field of the server's error, by the protocol's letter. (`PQresultErrorField`)
    private static func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String? {
        unsafe PQresultErrorField(result, Int32(letter.value)).map { unsafe String(cString: $0) }
    }
}
