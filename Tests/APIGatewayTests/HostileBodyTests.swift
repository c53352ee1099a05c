import APIGateway
import PaymentLinks
import Testing

/// Bodies that are legal and made to be slow to read. Each is timed against a plain body of the same size.
@Suite("Hostile bodies", .serialized)
struct HostileBodyTests {
    private static let size = 62_000
    /// How much more than a plain body a hostile one may cost. A canonical comparison costs hundreds of times as much.
    private static let bound = 4.0

    /// Names of letters with combining marks, in an order that makes canonical comparison sort them.
    private static func hostileNames() -> [String] {
        let marks = ["\u{345}", "\u{315}", "\u{301}", "\u{323}", "\u{31b}", "\u{327}", "\u{334}"]
        let letters = Array("abcde")
        return (0..<size / 20).map { number in
            (0..<5).map { "\(letters[$0])\(marks[(number + $0) % marks.count])" }.joined() + "\(number)"
        }
    }

    private static func members(_ names: [String]) -> String {
        var text = ""
        for (index, name) in names.enumerated() where text.utf8.count < size - 600 {
            text += "\(index == 0 ? "" : ",")\"\(name)\":1"
        }
        return text
    }

    private static func link(_ members: String, in field: String?) -> [UInt8] {
        let more = field.map { "\"\($0)\":{\(members)}" } ?? members
        return Array(#"{"walletId":"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV","amount":"1.00",\#(more)}"#.utf8)
    }

    private static func time(_ bytes: [UInt8], _ read: (JSONObject) throws -> Void) -> Duration {
        (0..<5).map { _ in
            ContinuousClock().measure { _ = try? read(JSONValue.object(from: bytes)) }
        }.min() ?? .zero
    }

    /// As long, and no more ASCII.
    private static func plainNames() -> [String] { (0..<size / 20).map { "plainnamé\($0)" } }

    private static func ratio(in field: String?, _ read: (JSONObject) throws -> Void) -> Double {
        let plain = time(link(members(plainNames()), in: field), read)
        let hostile = time(link(members(hostileNames()), in: field), read)
        return hostile / plain
    }

    @Test func `Metadata names with combining marks cost about what plain names cost`() {
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        #expect(Self.ratio(in: "metadata") { _ = try LinkBody($0, at: now) } < Self.bound)
    }

    @Test func `Unknown names with combining marks cost about what plain names cost`() {
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        #expect(Self.ratio(in: nil) { _ = try LinkBody($0, at: now) } < Self.bound)
        #expect(Self.ratio(in: nil) { _ = try ClaimBody($0) } < Self.bound)
        #expect(Self.ratio(in: "destination") { _ = try ClaimBody($0) } < Self.bound)
    }

    @Test func `Metadata is counted before any of its names is read`() throws {
        let names = (0..<3_000).map { "\"é\($0)\":{}" }.joined(separator: ",")
        let object = try JSONValue.object(from: Self.link(names, in: "metadata"))
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        let invalid = #expect(throws: InvalidRequest.self) { try LinkBody(object, at: now) }
        #expect(invalid?.fields.map { "\($0.field) \($0.code)" } == ["metadata TOO_MANY"])
    }

    @Test func `Names that are canonically equal are different names`() throws {
        let json = Self.link("\"é\":1,\"e\u{301}\":2", in: "metadata")
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        let link = try LinkBody(JSONValue.object(from: json), at: now)
        #expect(link.metadata.members.count == 2)
        let one = try IdempotencyProbe.key(body: "é", header: "é")
        #expect(one == [])
        #expect(try IdempotencyProbe.key(body: "é", header: "e\u{301}") == ["Idempotency-Key AMBIGUOUS"])
    }

    @Test func `Email addresses are compared as bytes`() throws {
        #expect(try EmailAddress("é@example.com") != EmailAddress("e\u{301}@example.com"))
        #expect(try EmailAddress("A@example.com") == EmailAddress("a@EXAMPLE.com"))
        #expect(try EmailAddress("A@example.com").hashValue == EmailAddress("a@EXAMPLE.com").hashValue)
    }

    @Test func `A word with a character that looks like its own is not the word`() throws {
        // To Swift, "K" (KELVIN SIGN) equals "K".
        #expect("\u{212A}" == "K")
        let invalid = #expect(throws: InvalidRequest.self) {
            var query = ListQuery(QueryParameters("status=ACTIVE%CC%81"))
            _ = query.choice("status", of: LinkStatus.self)
            try query.finish()
        }
        #expect(invalid?.fields.map(\.code) == ["INVALID_VALUE"])
    }
}

private enum IdempotencyProbe {
    static func key(body: String, header: String) throws -> [String] {
        do {
            let fields = try JSONValue.object(from: Array(#"{"name":"A","idempotencyKey":"\#(body)"}"#.utf8))
            _ = try WalletBody(fields, idempotencyHeader: [header])
            return []
        } catch let invalid as InvalidRequest {
            return invalid.fields.map { "\($0.field) \($0.code)" }
        }
    }
}
