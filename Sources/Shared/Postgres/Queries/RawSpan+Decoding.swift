/// Readers of the server's binary formats; each returns nil when the bytes are not such a value.
extension RawSpan {
    /// The whole span as one integer in network order.
    func bigEndianInteger<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type = Integer.self) -> Integer? {
        byteCount == MemoryLayout<Integer>.size ? integer(at: 0) : nil
    }

    /// The integer in network order that begins at `offset`.
    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Integer? {
        guard offset >= 0, byteCount - offset >= MemoryLayout<Integer>.size else { return nil }
        return Integer(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    func timestamp() -> Int64? {
        bigEndianInteger(Int64.self).map(PostgresEpoch.unix(wire:))
    }

    func text() -> String? {
        unsafe withUnsafeBytes { bytes in
            guard let text = try? UTF8Span(validating: unsafe bytes.assumingMemoryBound(to: UInt8.self).span) else {
                return nil
            }
            return String(copying: text)
        }
    }

    func array() -> [UInt8]? {
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// The text behind the version byte, which has been 1 since the format exists. (`jsonb_send`)
    func jsonbText() -> String? {
        guard integer(at: 0) == UInt8(1) else { return nil }
        return extracting(droppingFirst: 1).text()
    }
}
