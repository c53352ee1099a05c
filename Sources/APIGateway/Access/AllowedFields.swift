/// The request fields that a web page of another origin can send; pure.
package enum AllowedFields {
    /// The fields that the API reads.
    private static let known = [
        "Authorization", "Content-Type", "Idempotency-Key", "Prefer", "X-Request-Id", "traceparent",
    ]
    /// A page that asks for more fields, or longer names, gets only those that the API reads.
    private static let mostNames = 64
    private static let longestName = 128
    private static let longestList = 4_096

    /// The value of `Access-Control-Allow-Headers`: the fields that the API reads, then the others that are asked for.
    ///
    /// `Authorization` is named, because `*` would leave it out.
    ///
    /// - Parameter asked: the values of `Access-Control-Request-Headers`.
    package static func list(asked: [String]) -> String {
        (known + others(in: asked)).joined(separator: ", ")
    }

    private static func others(in asked: [String]) -> [String] {
        guard asked.reduce(0, { $0 + $1.utf8.count }) <= longestList else { return [] }
        let names = asked.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }.map(trimmed).filter { !$0.isEmpty }
        guard names.count <= mostNames, names.allSatisfy(isName) else { return [] }
        return names.compactMap { String($0) }.filter { !isKnown($0) }
    }

    private static func isKnown(_ name: String) -> Bool { known.contains { $0.lowercased() == name.lowercased() } }

    /// Whether the bytes are a token of a length that names have. (RFC 9110, 5.6.2)
    private static func isName(_ bytes: Substring.UTF8View) -> Bool {
        bytes.count <= longestName && bytes.allSatisfy(isTokenByte)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
