/// Writes JSON text straight into bytes, field by field, in the order of the calls.
///
/// Events, messages and answers have fixed shapes, are written on the hot path, and are signed as bytes; so they are
/// written once, by this, rather than through reflection or an encoder's containers. (RFC 8259)
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// The text written so far.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes one object and returns its bytes.
    package static func object(_ fields: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(fields)
        return writer.bytes
    }

    package mutating func object(_ fields: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        fields(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ each: (inout JSONWriter, Element) -> Void
    ) {
        open(UInt8(ascii: "["))
        for element in elements { each(&self, element) }
        close(UInt8(ascii: "]"))
    }

    package mutating func field(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    @inlinable
    package mutating func field(_ name: StaticString, _ value: (some CustomStringConvertible)?) {
        field(name, value?.description)
    }

    package mutating func field<Kind>(_ name: StaticString, _ identifier: Identifier<Kind>?) {
        guard let identifier else { return field(name, json: nil) }
        key(name)
        identifier.ulid.append(to: &bytes, prefix: Kind.prefix)
        needsComma = true
    }

    package mutating func field(_ name: StaticString, _ value: ULID) {
        key(name)
        value.append(to: &bytes, prefix: "")
        needsComma = true
    }

    package mutating func field(_ name: StaticString, _ value: Timestamp?) {
        field(name, value?.iso8601)
    }

    package mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        raw(value ? "true" : "false")
    }

    package mutating func field(_ name: StaticString, _ value: Int?) {
        key(name)
        if let value { raw(String(value)) } else { null() }
    }

    /// Writes a field whose value is JSON text already; `nil` becomes `null`. The text is trusted to be well formed.
    package mutating func field(_ name: StaticString, json: String?) {
        key(name)
        raw(json ?? "null")
    }

    /// The same from bytes.
    package mutating func field(_ name: StaticString, json: ArraySlice<UInt8>) {
        key(name)
        raw(json)
    }

    package mutating func field(_ name: StaticString, object fields: (inout JSONWriter) -> Void) {
        key(name)
        object(fields)
    }

    package mutating func field<Element>(
        _ name: StaticString, array elements: some Sequence<Element>, _ each: (inout JSONWriter, Element) -> Void
    ) {
        key(name)
        array(elements, each)
    }

    /// Writes a field whose name is not known beforehand.
    package mutating func field(named name: String, _ value: String) {
        key(named: name)
        string(value)
    }

    /// The same with a value that is JSON text already.
    package mutating func field(named name: String, json: String) {
        key(named: name)
        raw(json)
    }

    package mutating func null() { raw("null") }

    /// Writes a value that is JSON text already.
    package mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    package mutating func raw(_ json: ArraySlice<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    package mutating func string(_ value: String) {
        separate()
        appendQuoted(value)
        needsComma = true
    }

    private mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func key(named name: String) {
        separate()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func appendQuoted(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                appendEscaped(control: byte)
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(control byte: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
    }
}
