/// The value of a `Host` field: a host's name or address, and perhaps a port. (RFC 9112, 3.2)
package enum HostField {
    /// Whether the value has no other bytes. The parser leaves the blanks behind a value, which are no part of it.
    /// (RFC 9112, 5.1)
    static func isValid(_ value: String.UTF8View) -> Bool {
        var value = value[...]
        while let last = value.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { value.removeLast() }
        return value.allSatisfy(allows)
    }

    /// Whether the byte can stand in the value: the characters of RFC 3986, 3.2.2, without the comma, which joins fields.
    package static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&")...UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
