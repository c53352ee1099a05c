import PaymentLinks
import Testing

@Suite("JSON that is written field by field")
struct JSONWriterTests {
    private struct Nested: Decodable, Equatable {
        struct Item: Decodable, Equatable { let name: String }

        let text: String?
        let missing: String?
        let number: Int
        let isTrue: Bool
        let inner: Item
        let list: [Item]
        let raw: [String: Int]
        let empty: [String]
    }

    @Test("Objects, lists, numbers, nulls and raw text nest")
    func nesting() throws {
        let bytes = JSONWriter.object { writer in
            writer.field("text", "a")
            writer.field("missing", nil as String?)
            writer.field("number", -7)
            writer.field("isTrue", true)
            writer.field("inner", object: { $0.field("name", "b") })
            writer.field("list", array: ["c", "d"]) { writer, name in writer.object { $0.field("name", name) } }
            writer.field("raw", json: #"{"one":1}"#)
            writer.field("empty", array: [] as [String]) { $0.string($1) }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text
                == #"{"text":"a","missing":null,"number":-7,"isTrue":true,"inner":{"name":"b"},"list":[{"name":"c"},{"name":"d"}],"raw":{"one":1},"empty":[]}"#
        )
        let decoded = try JSON.value(text, as: Nested.self)
        #expect(
            decoded
                == Nested(
                    text: "a", missing: nil, number: -7, isTrue: true, inner: .init(name: "b"),
                    list: [.init(name: "c"), .init(name: "d")], raw: ["one": 1], empty: []))
    }

    private static let texts = [
        "", "plain", "\"", "\\", "\\\"", "/", "a\nb\r\tc", "\u{0}", "\u{7F}", "\u{2028}\u{2029}", "é", "e\u{301}",
        "日本語", "😀👨‍👩‍👧", "\u{FFFD}", "\u{FEFF}", "</script>", #"{"a":1}"#,
    ]

    @Test("Any text is read back as it was", arguments: texts)
    func escapes(text: String) throws {
        let json = String(decoding: JSONWriter.object { $0.field("value", text) }, as: UTF8.self)
        #expect(try JSON.value(json, as: [String: String].self)["value"].map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test("Every control character is escaped, in values and in names")
    func controlCharacters() throws {
        for code in UInt8(0)..<0x20 {
            let text = "a" + String(UnicodeScalar(code)) + "b"
            let json = JSONWriter.object { $0.field(named: text, text) }
            #expect(json.allSatisfy { $0 >= 0x20 })
            #expect(try JSON.value(String(decoding: json, as: UTF8.self), as: [String: String].self) == [text: text])
        }
    }

    @Test("Absent values of any type are null, and empty objects have no comma")
    func nulls() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("time", nil as Timestamp?)
            writer.field("number", nil as Int?)
            writer.field("id", nil as LinkID?)
            writer.field("json", json: nil)
            writer.field("empty", object: { _ in })
            writer.field("last", false)
        }
        #expect(writer.text == #"{"time":null,"number":null,"id":null,"json":null,"empty":{},"last":false}"#)
    }

    @Test("A list may hold nulls, raw values and lists")
    func lists() {
        var writer = JSONWriter()
        writer.array([1, 2, 3]) { writer, number in
            switch number {
            case 1: writer.null()
            case 2: writer.raw("2.50")
            default: writer.array(["x"]) { $0.string($1) }
            }
        }
        #expect(writer.text == #"[null,2.50,["x"]]"#)
    }
}
