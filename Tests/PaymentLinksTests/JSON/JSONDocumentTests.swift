import PaymentLinks
import Testing

@Suite("JSON texts, checked to the last byte")
struct JSONDocumentTests {
    private func read(_ text: String) throws -> JSONElement { try JSONDocument(Array(text.utf8)).root }

    private func error(_ bytes: [UInt8]) -> JSONSyntaxError? {
        do throws(JSONSyntaxError) {
            _ = try JSONDocument(bytes)
            return nil
        } catch {
            return error
        }
    }

    // MARK: - What is JSON and what is not

    @Test(
        "What the grammar allows is read",
        arguments: [
            "null", "true", "false", "0", "-0", "-0.0e-0", "1E+9", "\"\"", "[]", "{}", " \t\r\n[ ]\n",
            #"{ "a" : [ ] }"#,
            #"{"":""}"#, "[[],{},[{}]]", "\"\u{7F}\u{2028}😀\"", #"[1,"]",2]"#, #"{"a":"}"}"#,
        ])
    func valid(text: String) throws {
        #expect(error(Array(text.utf8)) == nil)
        #expect(try AnyJSON(try read(text)) == AnyJSON.foundation(Array(text.utf8)))
    }

    /// Texts that are no JSON, and the byte where that shows.
    private static let invalid: [(text: String, offset: Int)] = [
        ("", 0), (" \n", 2), ("nul", 0), ("nulls", 4), ("True", 0), ("NaN", 0), ("Infinity", 0), ("-Infinity", 1),
        ("]", 0), ("[", 1), ("[1", 2), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1]]", 3), ("[1}", 2), ("[1,,2]", 3),
        ("{", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), ("{a:1}", 1), ("{'a':1}", 1), ("{1:1}", 1),
        (#"{"a":1 "b":2}"#, 7), (#"{"a":1]"#, 6), (#"{"a" 1}"#, 5), (#"{,}"#, 1), (#"{"a"::1}"#, 5),
        ("01", 1), ("-", 1), ("-01", 2), ("+1", 0), ("1.", 2), (".5", 0), ("1.e1", 2), ("1e", 2), ("1e+", 3),
        ("1e1.5", 3),
        ("0x10", 1), ("1_000", 1), ("--1", 1), ("１", 0),
        ("\"", 1), (#""a"#, 2), (#""a\"#, 3), (#""a\""#, 4), ("\"\n\"", 1), ("\"\t\"", 1), ("\"\u{0}\"", 1),
        ("\"a\u{1F}", 2),
        (#""\x""#, 2), (#""\'""#, 2), (#""\U0041""#, 2), (#""\u""#, 3), (#""\u12g4""#, 5), (#""\u123""#, 6),
        (#""\u+041""#, 3),
        (#"'a'"#, 0), ("// 1\n1", 0), ("1 /* */", 2), ("1 2", 2), ("\"a\" b", 4), ("\u{FEFF}1", 0), ("\u{A0}1", 0),
        ("1\u{0}", 1), ("\u{B}1", 0),
    ]

    @Test("What the grammar does not allow is refused, and the byte is told", arguments: invalid)
    func refused(row: (text: String, offset: Int)) {
        #expect(error(Array(row.text.utf8))?.offset == row.offset)
        // Foundation takes a mark of the byte order, zeros for a sign of UTF-16, and one comma too many.
        if row.text.utf8.contains(0) || row.text.hasPrefix("\u{FEFF}") { return }
        if ["[1,]", #"{"a":1,}"#].contains(row.text) { return }
        #expect(AnyJSON.foundation(Array(row.text.utf8)) == nil)
    }

    @Test("What is wrong is said without a word of the text")
    func silence() {
        for text in ["SECRET", #"{"SECRET"}"#, #"["SECRET" SECRET]"#, #""\SECRET""#, #""\uSECRET""#, #"{"a":SECRET}"#] {
            #expect(error(Array(text.utf8))?.reason.contains("SECRET") == false)
        }
    }

    @Test("Every beginning of a text is refused, and so is anything behind its end")
    func truncated() throws {
        let text = Array(#"{"a":[1.5e3,"\u00e9\n",{"b":null,"c":[true,false]}]}"#.utf8)
        _ = try JSONDocument(text)
        for count in text.indices { #expect(error(Array(text[..<count])) != nil, "the first \(count) bytes") }
        for byte in UInt8.min ... .max where ![0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            #expect(error(text + [byte])?.offset == text.count, "byte \(byte) behind the end")
        }
    }

    // MARK: - Depth

    private func nested(_ depth: Int, _ inner: String) -> [UInt8] {
        Array((String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)).utf8)
    }

    @Test("Values nest 64 deep and no deeper, in lists and in objects")
    func depth() {
        #expect(error(nested(64, "")) == nil)
        #expect(error(nested(65, ""))?.offset == 64)
        #expect(error(nested(63, "1")) == nil)
        #expect(error(nested(64, "1"))?.offset == 64)
        let object = String(repeating: #"{"a":"#, count: 63) + "1" + String(repeating: "}", count: 63)
        #expect(error(Array(object.utf8)) == nil)
        #expect(error(Array((#"{"a":"# + object + "}").utf8))?.offset == 64 * 5)
    }

    @Test("A million brackets are refused like any other text", arguments: ["[", #"{"a":"#])
    func hostileDepth(opening: String) {
        #expect(error(Array(String(repeating: opening, count: 1_000_000).utf8))?.reason == "the nesting is too deep")
    }

    // MARK: - Text

    private static let escapes: [(json: String, text: String)] = [
        (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b"#, "\u{8}"), (#"\f"#, "\u{C}"), (#"\n"#, "\n"),
        (#"\r"#, "\r"),
        (#"\t"#, "\t"), (#"\u0000"#, "\u{0}"), (#"\u0041"#, "A"), (#"\u00e9"#, "é"), (#"\u00E9"#, "é"),
        (#"\u20AC"#, "€"),
        (#"\uD83D\uDE00"#, "😀"), (#"\ud83d\ude00"#, "😀"), (#"\uD800\uDC00"#, "\u{10000}"),
        (#"\uDBFF\uDFFF"#, "\u{10FFFF}"),
        (#"\uD7FF"#, "\u{D7FF}"), (#"\uE000"#, "\u{E000}"), (#"\uFFFF"#, "\u{FFFF}"), (#"\\u0041"#, "\\u0041"),
        (#"\\\""#, "\\\""),
        (#"\\\\"#, "\\\\"),
    ]

    @Test("Every escape stands for its character, alone and among others, in values and in names", arguments: escapes)
    func escaped(row: (json: String, text: String)) throws {
        for (before, after) in [("", ""), ("a", "b"), ("é", "😀"), (#"\n"#, #"\n"#)] {
            let root = try read("[\"\(before)\(row.json)\(after)\",{\"\(row.json)\":7}]")
            let plain = { (text: String) in text == #"\n"# ? "\n" : text }
            let text = try #require(root.elements?[0].string)
            #expect(Array(text.utf8) == Array((plain(before) + row.text + plain(after)).utf8))
            #expect(try AnyJSON(try #require(root.elements)[1]) == .object([Array(row.text.utf8): .number(7)]))
        }
    }

    /// Halves of characters, and the byte where that shows.
    private static let surrogates: [(json: String, offset: Int)] = [
        (#"\uDC00"#, 7), (#"\uDFFF"#, 7), (#"\uD800"#, 7), (#"\uDBFFx"#, 7), (#"\uD800\n"#, 8), (#"\uD800\u0041"#, 13),
        (#"\uD800\uD800"#, 13), (#"\uDC00\uD800"#, 7), (#"\uD83D😀"#, 7), (#"\uD800\u00"#, 11),
    ]

    @Test("A surrogate without its other half is refused", arguments: surrogates)
    func loneSurrogate(row: (json: String, offset: Int)) {
        #expect(error(Array("\"\(row.json)\"".utf8))?.offset == row.offset)
    }

    @Test(
        "Bytes that are not UTF-8 are refused, in values and in names",
        arguments: [
            [0x80], [0xBF], [0xC3], [0xC3, 0x28], [0xC0, 0x80], [0xC1, 0xBF], [0xE2, 0x82], [0xE0, 0x80, 0x80],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let (quote, count) = (UInt8(ascii: "\""), bytes.count)
        #expect(error([quote] + bytes + [quote])?.offset == count + 1)
        #expect(error(Array("{\"a".utf8) + bytes + Array("\":1}".utf8))?.offset == count + 3)
        #expect(error(Array(#""é\n"#.utf8) + bytes + [quote]) != nil)
        #expect(error(bytes) != nil)
    }

    // MARK: - Numbers

    private static let numbers: [(text: String, integer: Int64?, number: Double?)] = [
        ("0", 0, 0), ("-0", 0, -0.0), ("7", 7, 7), ("-12", -12, -12),
        ("9223372036854775807", .max, 9_223_372_036_854_775_808),
        ("-9223372036854775808", .min, -9_223_372_036_854_775_808),
        ("9223372036854775808", nil, 9_223_372_036_854_775_808),
        ("9007199254740993", 9_007_199_254_740_993, 9_007_199_254_740_992),
        ("1.0", nil, 1), ("0.1", nil, 0.1), ("-1.5E-3", nil, -0.0015), ("1e2", nil, 100), ("1E+2", nil, 100),
        ("1e308", nil, 1e308),
        ("1e-999", nil, 0), ("1e999", nil, nil), ("-1e999", nil, nil), (String(repeating: "9", count: 400), nil, nil),
    ]

    @Test("A whole number is exact or none, and any number is a Double or too large for one", arguments: numbers)
    func number(row: (text: String, integer: Int64?, number: Double?)) throws {
        for element in [try read(row.text), try #require(try read("[ \(row.text) ]").elements?.first)] {
            #expect(element.integer == row.integer)
            #expect(element.double == row.number)
            #expect(String(decoding: element.json, as: UTF8.self) == row.text)
        }
    }

    // MARK: - Finding values

    @Test("A value is of one kind, and nil for every other")
    func kinds() throws {
        let elements = try #require(try read(#"[null,true,7,"7",[7],{"7":7}]"#).elements)
        #expect(elements.map(\.isNull) == [true, false, false, false, false, false])
        #expect(elements.map(\.boolean) == [nil, true, nil, nil, nil, nil])
        #expect(elements.map(\.integer) == [nil, nil, 7, nil, nil, nil])
        #expect(elements.map(\.double) == [nil, nil, 7, nil, nil, nil])
        #expect(elements.map(\.string) == [nil, nil, nil, "7", nil, nil])
        #expect(elements.map { $0.elements?.count } == [nil, nil, nil, nil, 1, nil])
        #expect(elements.map(\.isObject) == [false, false, false, false, false, true])
        #expect(elements.map { $0["7"]?.integer } == [nil, nil, nil, nil, nil, 7])
    }

    @Test("A member is found by its whole name, whatever stands beside it or inside of it")
    func members() throws {
        let root = try read(#"{"ab":{"a":1,"b":[{"a":2}]},"a":[3,{"a":4}],"":5,"b":"a","é":6,"\u0063":7}"#)
        #expect(root["a"]?.elements?[0].integer == 3)
        #expect(root["a"]?.elements?[1]["a"]?.integer == 4)
        #expect(root["ab"]?["b"]?.elements?[0]["a"]?.integer == 2)
        #expect(root[""]?.integer == 5 && root["b"]?.string == "a" && root["é"]?.integer == 6)
        #expect(root["c"]?.integer == 7, "a name is the same, however it is escaped")
        #expect(root["abc"] == nil && root["A"] == nil && root["ab"]?["c"] == nil)
    }

    @Test("Of members of one name the last counts, however it is escaped; all are there in their order")
    func duplicates() throws {
        let root = try read(#"{"a":1,"b":2,"a":{"a":9},"\u0061":3,"b":null}"#)
        #expect(root["a"]?.integer == 3)
        #expect(root["b"]?.isNull == true)
        #expect(root.members?.map(\.name) == ["a", "b", "a", "a", "b"])
    }

    @Test("A value's text is the very bytes that stand there")
    func json() throws {
        let parts = ["null", "1.50E+1", #""a\u00e9\"""#, #"[ 1 , "]" ]"#, #"{ "a" :\#t{ } , "a":"}" }"#, "\"\""]
        let elements = try #require(try read("[ " + parts.joined(separator: " ,\n") + " ]").elements)
        #expect(elements.map { String(decoding: $0.json, as: UTF8.self) } == parts)
    }

    @Test("An identifier is read in place: its prefix and its letters, and nothing else")
    func identifiers() throws {
        let text = LinkID(bits: 42).description
        #expect(LinkID(json: try read("\"\(text)\"")) == LinkID(bits: 42))
        #expect(LinkID(json: try read("\"lnk_\(text.dropFirst(4).lowercased())\"")) == LinkID(bits: 42))
        let others = [
            "\"wal_\(text.dropFirst(4))\"", "\"\(text) \"", "\"\(text.dropLast())\"", "\"\"", "\"lnk_\"", "7", "null",
            "[\"\(text)\"]",
            "\"é\(text.dropFirst(2))\"", "\"\\u006Cnk_\(text.dropFirst(4))\"",
        ]
        for json in others { #expect(LinkID(json: try read(json)) == nil, "\(json)") }
    }
}
