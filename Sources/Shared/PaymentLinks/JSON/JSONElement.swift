/// One value of a JSON document.
package struct JSONElement: Sendable {
    private let document: JSONDocument
    private let index: Int

    init(document: JSONDocument, index: Int) {
        self.document = document
        self.index = index
    }

    private var node: JSONDocument.Node { document.nodes[index] }

    // MARK: - What it is

    package var isNull: Bool { node.kind == .null }

    package var isObject: Bool { node.kind == .object }

    /// A string's text; `nil` for any other kind.
    package var string: String? {
        let node = node
        guard node.kind == .string else { return nil }
        return node.hasEscapes ? unescaped(node) : String(decoding: content, as: UTF8.self)
    }

    package var boolean: Bool? {
        node.kind == .boolean ? document.bytes[Int(node.start)] == UInt8(ascii: "t") : nil
    }

    /// A number that is written without a fraction or an exponent and fits.
    package var integer: Int64? {
        guard node.kind == .number else { return nil }
        return Int64(String(decoding: content, as: UTF8.self))
    }

    /// A number that a `Double` can hold; `nil` for one beyond its range, as `1e999`, which would become infinite.
    package var number: Double? {
        guard node.kind == .number else { return nil }
        guard let number = Double(String(decoding: content, as: UTF8.self)), number.isFinite else { return nil }
        return number
    }

    /// The value as it stands in the text.
    package var json: ArraySlice<UInt8> {
        let node = node
        guard node.kind == .string else { return content }
        return document.bytes[Int(node.start) - 1..<Int(node.end) + 1]
    }

    /// A string that is a prefix and a ULID, as identifiers are written; they need no escapes.
    func ulid(after prefix: String) -> ULID? {
        let node = node
        guard node.kind == .string, !node.hasEscapes else { return nil }
        return ULID(ascii: document.bytes.span.extracting(Int(node.start)..<Int(node.end)), after: prefix)
    }

    private var content: ArraySlice<UInt8> { document.bytes[Int(node.start)..<Int(node.end)] }

    // MARK: - What it holds

    /// The member of this name; the last, if there are several. `nil` also for anything that is no object.
    package subscript(name: StaticString) -> JSONElement? {
        guard node.kind == .object else { return nil }
        var found: Int?
        var next = index + 1
        let end = index + Int(node.size)
        while next < end {
            if document.isSpelt(next, name) { found = next + 1 }
            next += 1 + Int(document.nodes[next + 1].size)
        }
        return found.map { JSONElement(document: document, index: $0) }
    }

    /// An array's elements in order; `nil` for any other kind.
    package var elements: [JSONElement]? {
        guard node.kind == .array else { return nil }
        var elements: [JSONElement] = []
        var next = index + 1
        let end = index + Int(node.size)
        while next < end {
            elements.append(JSONElement(document: document, index: next))
            next += Int(document.nodes[next].size)
        }
        return elements
    }

    /// An object's members in the text's order; `nil` for anything that is no object.
    package var members: [(name: String, value: JSONElement)]? {
        guard node.kind == .object else { return nil }
        var members: [(name: String, value: JSONElement)] = []
        var next = index + 1
        let end = index + Int(node.size)
        while next < end {
            let name = JSONElement(document: document, index: next).string ?? ""
            members.append((name, JSONElement(document: document, index: next + 1)))
            next += 1 + Int(document.nodes[next + 1].size)
        }
        return members
    }

    // MARK: - Escapes

    /// The parser has checked every escape, so what follows a backslash is known to be complete.
    private func unescaped(_ node: JSONDocument.Node) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(Int(node.end - node.start))
        var rest = content
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") { Self.appendEscape(from: &rest, to: &text) } else { text.append(byte) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func appendEscape(from rest: inout ArraySlice<UInt8>, to text: inout [UInt8]) {
        switch rest.popFirst() {
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "u"): appendScalar(from: &rest, to: &text)
        case let same?: text.append(same)
        case nil: break
        }
    }

    /// A character outside of the first plane is written as two escapes. (RFC 8259, section 7)
    private static func appendScalar(from rest: inout ArraySlice<UInt8>, to text: inout [UInt8]) {
        var value = codeUnit(from: &rest)
        if (0xD800..<0xDC00).contains(value) {
            rest = rest.dropFirst(2)
            value = 0x10000 + (value - 0xD800) << 10 + (codeUnit(from: &rest) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { return }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private static func codeUnit(from rest: inout ArraySlice<UInt8>) -> UInt32 {
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 4 | UInt32($1.hexDigitValue ?? 0) }
    }
}

extension JSONDocument {
    /// Whether the string node at this index is this name.
    fileprivate func isSpelt(_ index: Int, _ name: StaticString) -> Bool {
        let node = nodes[index]
        if node.hasEscapes { return JSONElement(document: self, index: index).string == "\(name)" }
        let (start, count) = (Int(node.start), name.utf8CodeUnitCount)
        guard Int(node.end) - start == count else { return false }
        return name.withUTF8Buffer { name in
            for offset in 0..<count where bytes[start + offset] != name[offset] { return false }
            return true
        }
    }
}
