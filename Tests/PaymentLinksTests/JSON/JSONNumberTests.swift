import PaymentLinks
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        "A number keeps its digits, in one spelling",
        arguments: [
            ("0", "0"), ("-0", "0"), ("-0.0e9", "0"), ("7", "7"), ("-7", "-7"), ("5.0", "5"), ("1.50", "1.5"),
            ("0.000001", "0.000001"), ("1e-6", "0.000001"), ("1E3", "1000"), ("1e+3", "1000"), ("10e-1", "1"),
            ("1000", "1000"), ("100.00100", "100.001"), ("-12.5e1", "-125"), ("0.5", "0.5"), ("0.05e1", "0.5"),
            ("12345678901234567890", "12345678901234567890"),
            ("19.98999999999999999999", "19.98999999999999999999"), ("0.1e-3", "0.0001"), ("120e-3", "0.12"),
            ("9223372036854775808", "9223372036854775808"), ("0e999999999999999999999", "0"),
        ])
    func spelling(json: String, text: String) {
        #expect(JSONNumber(json: json.utf8)?.text == text)
    }

    @Test("A number has at most 64 digits, however it is written")
    func bounds() {
        let nines = String(repeating: "9", count: 64)
        let zeros = String(repeating: "0", count: 62)
        for text in [nines, "-\(nines)", "1e63", "0.\(zeros)1", "1e-63", "0.\(zeros)1000", "\(nines).000"] {
            #expect(JSONNumber(json: text.utf8) != nil, "\(text)")
        }
        let long = [
            "1\(nines)", "1e64", "0.\(zeros)01", "1e-64", "1e999", "1e-999", "1e99999999999999999999", "1.\(nines)",
        ]
        for text in long {
            #expect(JSONNumber(json: text.utf8) == nil, "\(text)")
        }
    }

    @Test("Numbers are equal when their values are", arguments: [("1.0", "1"), ("1e2", "100"), ("0.10", "0.1")])
    func equality(one: String, other: String) {
        #expect(JSONNumber(json: one.utf8) == JSONNumber(json: other.utf8))
    }

    @Test(
        "Only a whole number that fits is an integer",
        arguments: [
            ("5", 5), ("5.0", 5), ("5e0", 5), ("5.5", nil), ("9223372036854775807", .max),
            ("9223372036854775808", nil), ("-9223372036854775808", .min),
        ] as [(String, Int64?)])
    func integers(json: String, integer: Int64?) {
        #expect(JSONNumber(json: json.utf8)?.integer == integer)
    }

    @Test("Members are found by the bytes of their names, escapes resolved")
    func members() throws {
        let json = "{\"a\":1,\"\\u0062c\":2,\"é\":3,\"e\u{301}\":4,\"a\":5,\"bcd\":6}"
        let object = try JSONDocument(Array(json.utf8)).root
        #expect(object.count == 6)
        #expect(object.places(of: "a").bits == 0b010001 && object.places(of: "a").value?.integer == 5)
        #expect(object.places(of: "bc").bits == 0b10 && object.places(of: "bc").value?.integer == 2)
        #expect(object.places(of: "é").bits == 0b100 && object.places(of: "e\u{301}").bits == 0b1000)
        #expect(object.places(of: "b").value == nil && object.places(of: "bcd").value?.integer == 6)
        #expect(object["bc"]?.integer == 2 && object["é"]?.integer == 3)
    }
}
