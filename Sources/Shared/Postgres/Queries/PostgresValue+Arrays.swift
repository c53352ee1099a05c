extension PostgresValue {
    /// `bigint[]`
    package static func int64s(_ values: [Int64]) -> PostgresValue {
        array(.int8s, ArrayEncoder.encode(values, of: .int8) { $0.appendBigEndian($1) })
    }

    /// `bigint[]`, NULLs among its elements
    package static func int64s(_ values: [Int64?]) -> PostgresValue {
        array(.int8s, ArrayEncoder.encodeOptionals(values, of: .int8) { $0.appendBigEndian($1) })
    }

    /// `boolean[]`
    package static func bools(_ values: [Bool]) -> PostgresValue {
        array(.bools, ArrayEncoder.encode(values, of: .bool) { $0.append($1 ? 1 : 0) })
    }

    /// `boolean[]`, NULLs among its elements
    package static func bools(_ values: [Bool?]) -> PostgresValue {
        array(.bools, ArrayEncoder.encodeOptionals(values, of: .bool) { $0.append($1 ? 1 : 0) })
    }

    /// `text[]`
    package static func texts(_ values: [String]) -> PostgresValue {
        array(.texts, ArrayEncoder.encode(values, of: .text) { $0.append(contentsOf: $1.utf8) })
    }

    /// `text[]`, NULLs among its elements
    package static func texts(_ values: [String?]) -> PostgresValue {
        array(.texts, ArrayEncoder.encodeOptionals(values, of: .text) { $0.append(contentsOf: $1.utf8) })
    }

    /// `uuid[]`
    package static func uuids(_ values: [UInt128]) -> PostgresValue {
        array(.uuids, ArrayEncoder.encode(values, of: .uuid) { $0.appendBigEndian($1) })
    }

    /// `uuid[]`, NULLs among its elements
    package static func uuids(_ values: [UInt128?]) -> PostgresValue {
        array(.uuids, ArrayEncoder.encodeOptionals(values, of: .uuid) { $0.appendBigEndian($1) })
    }

    /// `timestamptz[]`, by microseconds since 1970-01-01
    package static func timestamps(_ values: [Int64]) -> PostgresValue {
        array(
            .timestamptzs,
            ArrayEncoder.encode(values, of: .timestamptz) { $0.appendBigEndian(PostgresEpoch.wire(unix: $1)) })
    }

    /// `timestamptz[]`, by microseconds since 1970-01-01, NULLs among its elements
    package static func timestamps(_ values: [Int64?]) -> PostgresValue {
        array(
            .timestamptzs,
            ArrayEncoder.encodeOptionals(values, of: .timestamptz) { $0.appendBigEndian(PostgresEpoch.wire(unix: $1)) })
    }

    /// `bytea[]`, NULLs among its elements
    package static func bytesArray(_ values: [[UInt8]?]) -> PostgresValue {
        array(.byteas, ArrayEncoder.encodeOptionals(values, of: .bytea) { $0.append(contentsOf: $1) })
    }

    /// `jsonb[]`, by JSON texts, NULLs among its elements
    package static func jsonbs(_ values: [String?]) -> PostgresValue {
        array(.jsonbs, ArrayEncoder.encodeOptionals(values, of: .jsonb) { $0.appendJSONB($1) })
    }
}

/// Writes one-dimensional arrays in the server's binary format. (`array_recv`)
private struct ArrayEncoder {
    /// Dimensions, NULL flag, element type, element count, lower bound: five numbers of four bytes.
    private static let headerByteCount = 20
    /// What an element takes on average, its length included: a guess that spares most regrowth.
    private static let elementByteGuess = 20
    private static let nullFlagOffset = 4

    private var bytes: [UInt8] = []

    private init(_ type: PostgresType, count: Int) {
        bytes.reserveCapacity(Self.headerByteCount + count * Self.elementByteGuess)
        bytes.appendBigEndian(Int32(count == 0 ? 0 : 1))
        bytes.appendBigEndian(Int32(0))
        bytes.appendBigEndian(type.rawValue)
        guard count > 0 else { return }
        bytes.appendBigEndian(Int32(count))
        bytes.appendBigEndian(Int32(1))
    }

    static func encode<Element>(
        _ elements: [Element], of type: PostgresType, _ append: (inout [UInt8], Element) -> Void
    ) -> [UInt8] {
        var encoder = ArrayEncoder(type, count: elements.count)
        for element in elements { encoder.add(element, append) }
        return encoder.bytes
    }

    static func encodeOptionals<Element>(
        _ elements: [Element?], of type: PostgresType, _ append: (inout [UInt8], Element) -> Void
    ) -> [UInt8] {
        var encoder = ArrayEncoder(type, count: elements.count)
        for element in elements {
            if let element { encoder.add(element, append) } else { encoder.addNull() }
        }
        return encoder.bytes
    }

    /// Leaves room for the length, and fills it in once the element's bytes are there.
    private mutating func add<Element>(_ element: Element, _ append: (inout [UInt8], Element) -> Void) {
        let start = bytes.count
        bytes.appendBigEndian(Int32(0))
        append(&bytes, element)
        write(Int32(bytes.count - start - 4), at: start)
    }

    private mutating func addNull() {
        bytes.appendBigEndian(Int32(-1))
        write(1, at: Self.nullFlagOffset)
    }

    private mutating func write(_ value: Int32, at offset: Int) {
        let bits = UInt32(bitPattern: value)
        bytes[offset] = UInt8(truncatingIfNeeded: bits >> 24)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: bits >> 16)
        bytes[offset + 2] = UInt8(truncatingIfNeeded: bits >> 8)
        bytes[offset + 3] = UInt8(truncatingIfNeeded: bits)
    }
}
