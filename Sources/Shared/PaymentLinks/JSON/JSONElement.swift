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

    package var isArray: Bool { node.kind == .array }

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

    package var isNumber: Bool { node.kind == .number }

    /// A number with all of its digits; `nil` for any other kind, and for one with more digits than are kept.
    package var number: JSONNumber? { isNumber ? JSONNumber(json: content) : nil }

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
        name.withUTF8Buffer { name in
            document.forEachMember(of: index) { _, member in
                if document.isSpelt(member, name) { found = member + 1 }
            }
        }
        return found.map { JSONElement(document: document, index: $0) }
    }

    /// How many members an object or elements an array has; 0 for any other kind.
    package var count: Int {
        var count = 0
        switch node.kind {
        case .object: document.forEachMember(of: index) { _, _ in count += 1 }
        case .array: document.forEachElement(of: index) { _ in count += 1 }
        default: break
        }
        return count
    }

    /// Where an object's members of one name are.
    package struct Places: Sendable {
        /// The value of the last of them.
        package let value: JSONElement?
        /// A bit for each of them, by its place in the object.
        package let bits: UInt64
    }

    /// Finds the members of this name among an object's first 64. Names are compared as bytes.
    package func places(of name: String) -> Places {
        var (found, bits) = (Int?.none, UInt64(0))
        var name = name
        name.withUTF8 { name in
            document.forEachMember(of: index) { place, member in
                guard place < UInt64.bitWidth, document.isSpelt(member, name) else { return }
                (found, bits) = (member + 1, bits | 1 << UInt64(place))
            }
        }
        return Places(value: found.map { JSONElement(document: document, index: $0) }, bits: bits)
    }

    /// The names of an object's first members, in the text's order.
    package func firstNames(_ most: Int) -> [String] {
        var names: [String] = []
        document.forEachMember(of: index) { place, member in
            if place < most { names.append(JSONElement(document: document, index: member).string ?? "") }
        }
        return names
    }

    /// An array's elements in order; `nil` for any other kind.
    package var elements: [JSONElement]? {
        guard node.kind == .array else { return nil }
        var elements: [JSONElement] = []
        document.forEachElement(of: index) { elements.append(JSONElement(document: document, index: $0)) }
        return elements
    }

    /// An object's members in the text's order; `nil` for anything that is no object.
    package var members: [(name: String, value: JSONElement)]? {
        guard node.kind == .object else { return nil }
        var members: [(name: String, value: JSONElement)] = []
        document.forEachMember(of: index) { _, member in
            let name = JSONElement(document: document, index: member).string ?? ""
            members.append((name, JSONElement(document: document, index: member + 1)))
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
    /// Calls with each member's place in the object and the index of its name's node; its value's node is the next.
    fileprivate func forEachMember(of object: Int, _ body: (_ place: Int, _ name: Int) -> Void) {
        guard nodes[object].kind == .object else { return }
        var (place, next) = (0, object + 1)
        let end = object + Int(nodes[object].size)
        while next < end {
            body(place, next)
            place += 1
            next += 1 + Int(nodes[next + 1].size)
        }
    }

    /// Calls with the index of each element's node.
    fileprivate func forEachElement(of array: Int, _ body: (_ element: Int) -> Void) {
        var next = array + 1
        let end = array + Int(nodes[array].size)
        while next < end {
            body(next)
            next += Int(nodes[next].size)
        }
    }

    /// The most bytes that one byte of text takes as an escape: that of `\u0041`.
    private static let longestEscape = 6

    /// Whether the string node at this index is this name, byte by byte.
    fileprivate func isSpelt(_ index: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let node = nodes[index]
        let (start, length) = (Int(node.start), Int(node.end - node.start))
        if node.hasEscapes {
            guard length > name.count, length <= name.count * Self.longestEscape else { return false }
            return JSONElement(document: self, index: index).string?.utf8.elementsEqual(name) ?? false
        }
        guard length == name.count else { return false }
        for offset in 0..<length where bytes[start + offset] != name[offset] { return false }
        return true
    }
}
