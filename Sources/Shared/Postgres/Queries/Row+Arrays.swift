extension Row {
    /// `bigint[]` without NULLs
    package func int64s(_ column: Int) throws(PostgresError) -> [Int64] {
        try present(column, value(column, as: .int8s) { $0.elements { $0.bigEndianInteger() } })
    }

    /// `uuid[]` without NULLs, as 128 bits each
    package func uuids(_ column: Int) throws(PostgresError) -> [UInt128] {
        try present(column, value(column, as: .uuids) { $0.elements { $0.bigEndianInteger() } })
    }

    /// `text[]` or `varchar[]` without NULLs
    package func texts(_ column: Int) throws(PostgresError) -> [String] {
        try present(column, value(column, as: .texts, .varchars) { $0.elements { $0.text() } })
    }
}

extension RawSpan {
    /// A one-dimensional array; nil when it has more dimensions, a NULL, or an element that `decode` refuses.
    func elements<Element>(_ decode: (RawSpan) -> Element?) -> [Element]? {
        guard let dimensions: Int32 = integer(at: 0), dimensions == 0 || dimensions == 1 else { return nil }
        guard dimensions == 1 else { return [] }
        guard let count: Int32 = integer(at: 12), count >= 0 else { return nil }
        var elements: [Element] = []
        // The count is the server's word; an element takes four bytes at least.
        elements.reserveCapacity(min(Int(count), byteCount / 4))
        var offset = 20
        for _ in 0..<count {
            guard let length: Int32 = integer(at: offset), length >= 0 else { return nil }
            let end = offset + 4 + Int(length)
            guard end <= byteCount, let element = decode(extracting(offset + 4..<end)) else { return nil }
            elements.append(element)
            offset = end
        }
        return elements
    }
}
