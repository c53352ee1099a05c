/// Writes JSON into a string, for the few places that must not wait for an encoder.
enum JSONText {
    private static let hexDigits = Array("0123456789abcdef")

    /// Appends a JSON string, quoted and escaped. (RFC 8259, section 7)
    ///
    /// U+2028 and U+2029 are escaped too: some log readers take them for the end of a line.
    static func append(_ string: String, to text: inout String) {
        text.append("\"")
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text.append("\\\"")
            case "\\": text.append("\\\\")
            case "\n": text.append("\\n")
            case "\r": text.append("\\r")
            case "\t": text.append("\\t")
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}": appendEscape(scalar, to: &text)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text.append("\"")
    }

    static func append(key: String, to text: inout String) {
        append(key, to: &text)
        text.append(":")
    }

    private static func appendEscape(_ scalar: Unicode.Scalar, to text: inout String) {
        text.append("\\u")
        for shift in [12, 8, 4, 0] {
            text.append(hexDigits[Int(scalar.value >> shift) & 0xF])
        }
    }
}
