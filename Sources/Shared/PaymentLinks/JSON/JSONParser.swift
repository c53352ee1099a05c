/// Checks a JSON text byte by byte and lists its values. (RFC 8259)
///
/// It takes what the grammar allows and nothing else: no comments, no trailing commas, no leading zeros, no unpaired
/// surrogates, no bytes that are not UTF-8, no nesting beyond the limit.
struct JSONParser {
    private(set) var nodes: [JSONDocument.Node] = []
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        nodes.reserveCapacity(bytes.count / 12 + 4)
    }

    /// Reads one value, with white space around it and nothing else.
    mutating func parse() throws(JSONSyntaxError) {
        guard bytes.count <= Int32.max / 2 else { throw failure("the text is too long") }
        try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("something follows the value") }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) {
        guard depth < JSONDocument.depthLimit else { throw failure("the nesting is too deep") }
        skipSpace()
        guard let byte = peek else { throw failure("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "t"): try word("true", .boolean)
        case UInt8(ascii: "f"): try word("false", .boolean)
        case UInt8(ascii: "n"): try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw failure("no value begins like this")
        }
    }

    // MARK: - Containers

    private mutating func object(depth: Int) throws(JSONSyntaxError) {
        let index = open(.object)
        try list(until: UInt8(ascii: "}")) { parser throws(JSONSyntaxError) in
            parser.skipSpace()
            guard parser.peek == UInt8(ascii: "\"") else {
                throw parser.failure("a member's name in quotes is expected")
            }
            try parser.string()
            parser.skipSpace()
            try parser.expect(UInt8(ascii: ":"))
            try parser.value(depth: depth + 1)
        }
        close(index)
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) {
        let index = open(.array)
        try list(until: UInt8(ascii: "]")) { parser throws(JSONSyntaxError) in try parser.value(depth: depth + 1) }
        close(index)
    }

    /// Reads elements with commas between them, up to the closing bracket.
    private mutating func list(
        until bracket: UInt8, _ element: (inout JSONParser) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        skipSpace()
        if skip(bracket) { return }
        while true {
            try element(&self)
            skipSpace()
            if skip(bracket) { return }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func open(_ kind: JSONDocument.Node.Kind) -> Int {
        nodes.append(.init(kind: kind, hasEscapes: false, start: Int32(position), end: 0, size: 0))
        position += 1
        return nodes.count - 1
    }

    private mutating func close(_ index: Int) {
        nodes[index].end = Int32(position)
        nodes[index].size = Int32(nodes.count - index)
    }

    // MARK: - Plain values

    private mutating func add(_ kind: JSONDocument.Node.Kind, from start: Int, hasEscapes: Bool = false) {
        nodes.append(
            .init(kind: kind, hasEscapes: hasEscapes, start: Int32(start), end: Int32(position), size: 1))
    }

    private mutating func word(_ word: StaticString, _ kind: JSONDocument.Node.Kind) throws(JSONSyntaxError) {
        let start = position
        let end = start + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ bytes[start..<end].elementsEqual($0) }) else {
            throw failure("no value begins like this")
        }
        position = end
        add(kind, from: start)
    }

    private mutating func number() throws(JSONSyntaxError) {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try digits() }
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try digits()
        }
        add(.number, from: start)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = peek, byte &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw failure("a digit is expected") }
    }

    /// Reads a string; most have neither escapes nor other characters than ASCII, and are only walked over.
    private mutating func string() throws(JSONSyntaxError) {
        position += 1
        let start = position
        var hasEscapes = false
        var isASCII = true
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                if !isASCII { try checkUTF8(from: start) }
                add(.string, from: start, hasEscapes: hasEscapes)
                position += 1
                return
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case 0..<0x20: throw failure("a control character must be escaped")
            default:
                isASCII = isASCII && byte < 0x80
                position += 1
            }
        }
        throw failure("the text ends inside a string")
    }

    private func checkUTF8(from start: Int) throws(JSONSyntaxError) {
        guard String(validating: bytes[start..<position], as: UTF8.self) != nil else {
            throw failure("the text is not UTF-8")
        }
    }

    private mutating func escape() throws(JSONSyntaxError) {
        position += 1
        switch peek {
        case UInt8(ascii: "u"): try unicodeEscape()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        default: throw failure("there is no such escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) {
        let first = try codeUnit()
        if (0xDC00..<0xE000).contains(first) { throw failure("a surrogate stands alone") }
        guard (0xD800..<0xDC00).contains(first) else { return }
        guard skip(UInt8(ascii: "\\")), peek == UInt8(ascii: "u"), (0xDC00..<0xE000).contains(try codeUnit()) else {
            throw failure("a surrogate stands alone")
        }
    }

    /// The four digits behind `u`.
    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt32 {
        position += 1
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek?.hexDigitValue else { throw failure("four hexadecimal digits are expected") }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: - Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws(JSONSyntaxError) {
        guard skip(byte) else { throw failure("\"\(Character(Unicode.Scalar(byte)))\" is expected") }
    }

    private func failure(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: position, reason: reason)
    }
}
