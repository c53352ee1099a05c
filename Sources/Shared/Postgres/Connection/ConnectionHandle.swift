internal import CLibPQ

/// One connection to a server, owned by its driver thread's frame and closed with it. (`PGconn`, `PQfinish`)
@safe
struct ConnectionHandle: ~Copyable {
    /// What the handshake waits for.
    enum Progress { case awaitingInput, awaitingOutput, established, failed }

    private let pointer: OpaquePointer

    private init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQfinish(pointer)
    }

    /// Begins to connect without waiting; nil when memory is short. (`PQconnectStartParams`)
    static func start(_ parameters: ConnectionParameters) -> ConnectionHandle? {
        let keywords = CStringList(Array(parameters.values.keys))
        let values = CStringList(Array(parameters.values.values))
        guard let pointer = unsafe PQconnectStartParams(keywords.pointer, values.pointer, 0) else { return nil }
        let handle = unsafe ConnectionHandle(adopting: pointer)
        unsafe PQsetNoticeReceiver(pointer, { _, _ in }, nil)
        return handle
    }

    /// Goes on with connecting as far as that needs no waiting, but for the name service. (`PQconnectPoll`)
    func advance() -> Progress {
        switch unsafe PQconnectPoll(pointer) {
        case PGRES_POLLING_OK: .established
        case PGRES_POLLING_READING: .awaitingInput
        case PGRES_POLLING_WRITING: .awaitingOutput
        default: .failed
        }
    }

    /// Turns to pipeline mode; false when the connection is of no use. (`PQsetnonblocking`, `PQenterPipelineMode`)
    func enterPipelineMode() -> Bool {
        unsafe PQsetnonblocking(pointer, 1) == 0 && PQenterPipelineMode(pointer) == 1
    }

    /// The socket to poll. It may change while the handshake goes on. (`PQsocket`)
    var descriptor: Int32 { unsafe PQsocket(pointer) }

    /// Whether bytes may wait inside the library that decrypts, where `poll` does not see them. (`PQsslInUse`,
    /// `PQgssEncInUse`)
    var isEncrypted: Bool { unsafe PQsslInUse(pointer) != 0 || PQgssEncInUse(pointer) != 0 }

    /// The server's process for this connection. (`PQbackendPID`)
    var serverProcess: Int { Int(unsafe PQbackendPID(pointer)) }

    /// Why connecting failed: host, port and the server's words, never the password. (`PQerrorMessage`)
    var failureReason: String {
        unsafe PQerrorMessage(pointer).map { unsafe String(cString: $0) } ?? ""
    }

    // MARK: Receiving

    /// Takes in what has arrived; false when the connection is broken. (`PQconsumeInput`)
    func consumeInput() -> Bool { unsafe PQconsumeInput(pointer) == 1 }

    /// Whether `nextResult()` would have to wait. (`PQisBusy`)
    var isBusy: Bool { unsafe PQisBusy(pointer) == 1 }

    /// (`PQstatus`)
    var isBroken: Bool { unsafe PQstatus(pointer) == CONNECTION_BAD }

    /// The next thing that the pipeline has for us. (`PQgetResult`)
    func nextAnswer() -> Answer {
        unsafe PQgetResult(pointer).map { unsafe Answer(adopting: $0) } ?? .null
    }

    // MARK: Sending

    /// (`PQsendPrepare`)
    func sendPrepare(_ statement: Statement, for parameters: EncodedParameters) -> Bool {
        let types = parameters.slots.map(\.type)
        return unsafe PQsendPrepare(pointer, statement.name, statement.sql, Int32(types.count), types) == 1
    }

    /// Results are asked for in binary format. (`PQsendQueryPrepared`)
    func sendExecute(
        _ statement: Statement, _ parameters: EncodedParameters, scratch: inout ParameterScratch
    ) -> Bool {
        let count = Int32(parameters.slots.count)
        return unsafe scratch.withPointers(to: parameters) { values, lengths, formats in
            unsafe PQsendQueryPrepared(pointer, statement.name, count, values, lengths, formats, 1) == 1
        }
    }

    /// Ends a unit. (`PQpipelineSync`)
    func sendSync() -> Bool { unsafe PQpipelineSync(pointer) == 1 }

    /// Writes what it can: true when nothing is left, nil when the connection is broken. (`PQflush`)
    func flush() -> Bool? {
        switch unsafe PQflush(pointer) {
        case 0: true
        case 1: false
        default: nil
        }
    }
}
