/// One row of a result. Columns count from 0.
///
/// Each reader throws `.decoding`, with the column's name, when the column has another type than it reads, and the
/// readers without `IfPresent` also when the value is NULL.
package struct Row: Sendable {
    let handle: ResultHandle
    let index: Int

    /// `bigint`
    package func int64(_ column: Int) throws(PostgresError) -> Int64 {
        try present(column, int64IfPresent(column))
    }

    package func int64IfPresent(_ column: Int) throws(PostgresError) -> Int64? {
        try value(column, as: .int8) { $0.bigEndianInteger() }
    }

    /// `integer`
    package func int32(_ column: Int) throws(PostgresError) -> Int32 {
        try present(column, int32IfPresent(column))
    }

    package func int32IfPresent(_ column: Int) throws(PostgresError) -> Int32? {
        try value(column, as: .int4) { $0.bigEndianInteger() }
    }

    /// `boolean`
    package func bool(_ column: Int) throws(PostgresError) -> Bool {
        try present(column, boolIfPresent(column))
    }

    package func boolIfPresent(_ column: Int) throws(PostgresError) -> Bool? {
        try value(column, as: .bool) { bytes in bytes.bigEndianInteger(UInt8.self).map { $0 != 0 } }
    }

    /// `text`, `varchar`, `char` or `name`
    package func text(_ column: Int) throws(PostgresError) -> String {
        try present(column, textIfPresent(column))
    }

    package func textIfPresent(_ column: Int) throws(PostgresError) -> String? {
        try value(column, as: .text, .varchar, .bpchar, .name) { $0.text() }
    }

    /// `bytea`
    package func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
        try present(column, bytesIfPresent(column))
    }

    package func bytesIfPresent(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try value(column, as: .bytea) { $0.array() }
    }

    /// `uuid`, as its 128 bits
    package func uuid(_ column: Int) throws(PostgresError) -> UInt128 {
        try present(column, uuidIfPresent(column))
    }

    package func uuidIfPresent(_ column: Int) throws(PostgresError) -> UInt128? {
        try value(column, as: .uuid) { $0.bigEndianInteger() }
    }

    /// `timestamptz`, as microseconds since 1970-01-01
    package func timestamp(_ column: Int) throws(PostgresError) -> Int64 {
        try present(column, timestampIfPresent(column))
    }

    package func timestampIfPresent(_ column: Int) throws(PostgresError) -> Int64? {
        try value(column, as: .timestamptz) { $0.timestamp() }
    }

    /// `jsonb` or `json`, as its text
    package func jsonb(_ column: Int) throws(PostgresError) -> String {
        try present(column, jsonbIfPresent(column))
    }

    package func jsonbIfPresent(_ column: Int) throws(PostgresError) -> String? {
        if type(ofColumn: column) == PostgresType.json.rawValue { return try value(column, as: .json) { $0.text() } }
        return try value(column, as: .jsonb) { $0.jsonbText() }
    }
}

extension Row {
    /// Reads one value; `decode` returns nil for bytes that are no such value.
    func value<Value>(
        _ column: Int, as types: PostgresType..., decode: (RawSpan) -> Value?
    ) throws(PostgresError) -> Value? {
        guard let type = type(ofColumn: column) else { throw .decoding("the result has no column \(column)") }
        guard types.contains(where: { $0.rawValue == type }) else {
            throw complaint(column, "has type \(type), not \(types.map(\.rawValue))")
        }
        guard let decoded = handle.withBytes(row: index, column: column, decode) else { return nil }
        guard let decoded else { throw complaint(column, "holds bytes that are not of its type") }
        return decoded
    }

    func present<Value>(_ column: Int, _ value: Value?) throws(PostgresError) -> Value {
        guard let value else { throw complaint(column, "is NULL") }
        return value
    }

    private func type(ofColumn column: Int) -> UInt32? {
        column >= 0 && column < handle.columnCount ? handle.type(ofColumn: column) : nil
    }

    private func complaint(_ column: Int, _ fault: String) -> PostgresError {
        .decoding("column \(column) (\(handle.name(ofColumn: column))) \(fault)")
    }
}
