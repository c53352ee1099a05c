/// The W3C trace context of one request. (W3C Trace Context, level 1)
package struct TraceContext: Sendable, Hashable {
    /// 32 lower-case hexadecimal digits, not all zero.
    package let traceId: String
    /// 16 lower-case hexadecimal digits: this gateway's part in the trace.
    package let spanId: String
    /// Two hexadecimal digits.
    package let flags: String

    /// Continues the caller's trace, or starts one when there is none that can be read.
    package init(parent: String?, using generator: inout some RandomNumberGenerator) {
        let parts = parent.flatMap(Self.parts)
        traceId = parts?.traceId ?? Self.hex(generator.next() | 1) + Self.hex(generator.next())
        flags = parts?.flags ?? "00"
        spanId = Self.hex(generator.next() | 1)
    }

    /// The field's value for the next service that works on the request.
    package var traceparent: String { "00-\(traceId)-\(spanId)-\(flags)" }

    private static func parts(_ text: String) -> (traceId: String, flags: String)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, isHex(parts[0], 2), parts[0] != "ff", parts.count == 4 || parts[0] != "00",
            isHex(parts[1], 32), parts[1].contains(where: { $0 != "0" }),
            isHex(parts[2], 16), parts[2].contains(where: { $0 != "0" }), isHex(parts[3], 2)
        else { return nil }
        return (String(parts[1]), String(parts[3]))
    }

    private static func isHex(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
