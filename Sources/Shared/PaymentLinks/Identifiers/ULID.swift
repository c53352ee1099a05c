/// A 128-bit identifier that sorts by the time it was minted: 48 bits of milliseconds, then 80 random bits.
///
/// Its text is 26 characters of Crockford's base 32, upper case when written and any case when read. Two texts are
/// the same identifier exactly when their bits are equal. (ULID specification)
package struct ULID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The characters of every ULID's text.
    package static let length = 26

    private let storage: Bits128

    package var bits: UInt128 { storage.value }

    package init(bits: UInt128) {
        storage = Bits128(bits)
    }

    /// Reads 26 characters of any case. The first is at most `7`, for 26 characters could hold 130 bits.
    package init?(_ string: String) {
        self.init(ascii: string.utf8Span.span)
    }

    /// Reads a ULID from ASCII, so that an identifier need not copy what follows its prefix.
    init?(ascii text: Span<UInt8>) {
        guard text.count == Self.length else { return nil }
        var bits: UInt128 = 0
        for index in 0..<Self.length {
            guard let digit = CrockfordBase32.value(of: text[index]) else { return nil }
            if index == 0 && digit > 7 { return nil }
            bits = bits << 5 | UInt128(digit)
        }
        self.init(bits: bits)
    }

    /// The same behind a prefix, which must be there.
    init?(ascii text: Span<UInt8>, after prefix: String) {
        let prefix = prefix.utf8Span.span
        guard text.count == prefix.count + Self.length else { return nil }
        for index in 0..<prefix.count where text[index] != prefix[index] { return nil }
        self.init(ascii: text.extracting(droppingFirst: prefix.count))
    }

    /// Makes a new ULID for that instant; instants before 1970 count as 1970.
    package static func mint(at instant: Timestamp, using generator: inout some RandomNumberGenerator) -> ULID {
        let milliseconds = UInt128(min(max(instant.milliseconds, 0), Self.lastMillisecond))
        let random = UInt128(generator.next()) << 16 | UInt128(generator.next() as UInt16)
        return ULID(bits: milliseconds << 80 | random)
    }

    /// When the ULID was minted, in milliseconds since 1970.
    package var milliseconds: Int64 { Int64(bits >> 80) }

    package var description: String {
        String(unsafeUninitializedCapacity: Self.length) { buffer in
            write(into: buffer, from: 0)
            return Self.length
        }
    }

    package static func < (left: ULID, right: ULID) -> Bool { left.storage < right.storage }

    /// Writes the 26 characters into a buffer that has room for them from `start` on.
    func write(into buffer: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
        // Twice twelve characters from the end, each from sixty bits, so that the machine's own integers do.
        Self.write(UInt64(truncatingIfNeeded: bits), count: 12, into: buffer, before: start + 26)
        Self.write(UInt64(truncatingIfNeeded: bits >> 60), count: 12, into: buffer, before: start + 14)
        Self.write(UInt64(truncatingIfNeeded: bits >> 120), count: 2, into: buffer, before: start + 2)
    }

    private static func write(
        _ bits: UInt64, count: Int, into buffer: UnsafeMutableBufferPointer<UInt8>, before end: Int
    ) {
        var rest = bits
        for index in (end - count..<end).reversed() {
            buffer[index] = CrockfordBase32.upperCaseCharacter(UInt8(truncatingIfNeeded: rest) & 31)
            rest >>= 5
        }
    }

    /// Appends a prefix and the 26 characters, in quotes.
    func append(to json: inout [UInt8], prefix: String) {
        json.append(UInt8(ascii: "\""))
        json.append(contentsOf: prefix.utf8)
        let start = json.count
        json.append(contentsOf: repeatElement(UInt8(ascii: "\""), count: Self.length + 1))
        json.withUnsafeMutableBufferPointer { write(into: $0, from: start) }
    }

    private static let lastMillisecond: Int64 = 1 << 48 - 1
}
