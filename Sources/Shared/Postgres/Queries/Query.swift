/// A statement under a name, prepared once on each connection when it is first used there.
///
/// Statements are constants of the program: a connection remembers each of them for as long as it lives.
package struct Statement: Sendable, Hashable {
    package let name: String
    package let sql: String

    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    /// Names differ where statements do, so the text, long and mostly equal, stays out of the hash.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

extension Statement {
    static let begin = Statement("paylinks_begin", "BEGIN ISOLATION LEVEL READ COMMITTED")
    static let commit = Statement("paylinks_commit", "COMMIT")
    static let rollback = Statement("paylinks_rollback", "ROLLBACK")
}

/// A statement and its parameters.
///
/// The parameters are made when the query is sent, once, on the connection's thread: while the server works on a unit's
/// first statements, its last are still being made. A statement's parameters must have the same types at every use,
/// for it is prepared with those of the first.
package struct Query: Sendable {
    package let statement: Statement
    private let parameters: @Sendable () -> [PostgresValue]

    /// The protocol counts parameters in 16 bits. (`PQ_QUERY_PARAM_MAX_LIMIT`)
    private static var parameterLimit: Int { 65_535 }

    package init(
        _ statement: Statement, _ parameters: @autoclosure @escaping @Sendable () -> [PostgresValue] = []
    ) {
        self.statement = statement
        self.parameters = parameters
    }

    /// The parameters, ready to be sent.
    func encoded() -> EncodedParameters {
        let values = parameters()
        precondition(values.count <= Self.parameterLimit, "a statement takes at most 65,535 parameters")
        return EncodedParameters(values)
    }
}

/// All parameters of one query in binary format, one behind the other in one buffer.
struct EncodedParameters: Sendable {
    /// Where one parameter lies in `bytes`.
    struct Slot: Sendable {
        let type: UInt32
        let offset: Int
        /// `nil` for SQL's NULL.
        let length: Int32?
    }

    private(set) var slots: [Slot] = []
    /// Never empty when there are slots, so that a parameter of no bytes has an address too.
    private(set) var bytes: [UInt8] = []

    init(_ values: [PostgresValue]) {
        guard !values.isEmpty else { return }
        slots.reserveCapacity(values.count)
        for value in values { append(value) }
        bytes.append(0)
    }

    private mutating func append(_ value: PostgresValue) {
        let offset = bytes.count
        let isPresent = value.encode(into: &bytes)
        let length = isPresent ? Int32(bytes.count - offset) : nil
        slots.append(Slot(type: value.type.rawValue, offset: offset, length: length))
    }
}
