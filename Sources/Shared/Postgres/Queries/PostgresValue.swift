/// One parameter of a query: a value and the type under which the server takes it.
package struct PostgresValue: Sendable {
    private enum Storage: Sendable {
        case null
        case bool(Bool)
        case int32(Int32)
        case int64(Int64)
        /// In two halves: an asynchronous function that gets a `UInt128` on the stack resumes at address zero, in
        /// Swift 6.3 on x86-64.
        case uuid(high: UInt64, low: UInt64)
        case text(String)
        case jsonb(String)
        case bytes([UInt8])

        init(uuid bits: UInt128) {
            self = .uuid(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
        }
    }

    let type: PostgresType
    private let storage: Storage

    private init(_ type: PostgresType, _ storage: Storage?) {
        self.type = type
        self.storage = storage ?? .null
    }

    /// Appends the value in the server's binary format; returns false, appending nothing, for NULL.
    func encode(into bytes: inout [UInt8]) -> Bool {
        switch storage {
        case .null: return false
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .int32(let value): bytes.appendBigEndian(value)
        case .int64(let value): bytes.appendBigEndian(value)
        case .uuid(let high, let low):
            bytes.appendBigEndian(high)
            bytes.appendBigEndian(low)
        case .text(let value): bytes.append(contentsOf: value.utf8)
        case .jsonb(let value): bytes.appendJSONB(value)
        case .bytes(let value): bytes.append(contentsOf: value)
        }
        return true
    }
}

extension PostgresValue {
    /// NULL, of the type that its place in the statement asks for.
    package static let null = PostgresValue(.inferred, nil)

    /// `bigint`
    package static func int64(_ value: Int64?) -> PostgresValue { PostgresValue(.int8, value.map(Storage.int64)) }

    /// `integer`
    package static func int32(_ value: Int32?) -> PostgresValue { PostgresValue(.int4, value.map(Storage.int32)) }

    /// `boolean`
    package static func bool(_ value: Bool?) -> PostgresValue { PostgresValue(.bool, value.map(Storage.bool)) }

    /// `text`
    package static func text(_ value: String?) -> PostgresValue { PostgresValue(.text, value.map(Storage.text)) }

    /// `bytea`
    package static func bytes(_ value: [UInt8]?) -> PostgresValue { PostgresValue(.bytea, value.map(Storage.bytes)) }

    /// `uuid`, by its 128 bits
    package static func uuid(_ value: UInt128?) -> PostgresValue {
        PostgresValue(.uuid, value.map(Storage.init(uuid:)))
    }

    /// `timestamptz`, by its microseconds since 1970-01-01
    package static func timestamp(microseconds: Int64?) -> PostgresValue {
        PostgresValue(.timestamptz, microseconds.map { .int64(PostgresEpoch.wire(unix: $0)) })
    }

    /// `jsonb`, by its JSON text
    package static func jsonb(_ value: String?) -> PostgresValue { PostgresValue(.jsonb, value.map(Storage.jsonb)) }

    /// An array that is encoded already.
    static func array(_ type: PostgresType, _ encoded: [UInt8]) -> PostgresValue {
        PostgresValue(type, .bytes(encoded))
    }
}

extension [UInt8] {
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { bytes in unsafe append(contentsOf: bytes) }
    }

    /// The binary format of `jsonb` is its text behind a version byte. (`jsonb_recv`)
    mutating func appendJSONB(_ json: String) {
        append(1)
        append(contentsOf: json.utf8)
    }
}
