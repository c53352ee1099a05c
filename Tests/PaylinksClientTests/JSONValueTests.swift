import Foundation
import PaylinksClient
import Testing

@Suite("What metadata holds")
struct JSONValueTests {
    @Test("Whole numbers come and go exactly, and are the same in either form")
    func numbers() throws {
        let text = #"{"a":9007199254740993,"b":-9223372036854775808,"c":1.5,"d":1e300}"#
        let values = try JSONDecoder().decode(Metadata.self, from: Data(text.utf8))
        #expect(values["a"]?.integer == 9_007_199_254_740_993 && values["b"] == .integer(.min))
        #expect(values["c"] == 1.5 && values["c"]?.integer == nil && values["d"]?.number == 1e300)
        let written = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
        #expect(written.contains("9007199254740993") && written.contains("-9223372036854775808"))
        #expect(Set([JSONValue.integer(7), .number(7), 7]).count == 1)
        #expect(JSONValue.integer(9_007_199_254_740_993) != .number(9_007_199_254_740_992))
    }
}
