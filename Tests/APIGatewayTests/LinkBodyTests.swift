import APIGateway
import PaymentLinks
import Testing

@Suite("A link's body")
struct LinkBodyTests {
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private func read(_ json: String, header: [String] = []) throws -> LinkBody {
        try LinkBody(JSONValue.object(from: Array(json.utf8)), idempotencyHeader: header, at: now)
    }

    private func problems(_ json: String, header: [String] = []) -> Set<String> {
        do {
            _ = try read(json, header: header)
            return []
        } catch let invalid as InvalidRequest {
            return Set(invalid.fields.map { "\($0.field) \($0.code)" })
        } catch {
            return ["\(error)"]
        }
    }

    private func body(_ more: String = "") -> String {
        "{\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"amount\":\"150.00\"\(more)}"
    }

    @Test func `The smallest body is a link in USD without anything else`() throws {
        let link = try read(body())
        #expect(link.amount == Money(minorUnits: 15000, currency: .usd))
        #expect(link.description == nil && link.restrictions == nil && link.expiresAt == nil)
        #expect(link.metadataJSON == "{}" && link.idempotencyKey == nil)
    }

    @Test func `Everything that a body can say is read`() throws {
        let link = try read(
            body(
                ",\"currency\":\"USDC\",\"description\":\"x\",\"expiresAt\":\"2030-01-01T00:00:00+01:00\","
                    + "\"recipientRestrictions\":{\"emails\":[\"Payer@Example.com\"]},"
                    + "\"metadata\":{\"b\":1,\"a\":\"é\",\"c\":true,\"d\":0.5},\"maxUses\":1"))
        #expect(link.amount.currency == .usdc)
        #expect(link.restrictions?.emails.map(\.folded) == ["payer@example.com"])
        #expect(link.metadataJSON == "{\"a\":\"é\",\"b\":1,\"c\":true,\"d\":0.5}")
        #expect(link.expiresAt == Timestamp(iso8601: "2029-12-31T23:00:00Z"))
    }

    @Test(arguments: [
        (",\"currency\":\"EUR\"", "currency INVALID_VALUE"),
        (",\"description\":5", "description NOT_A_STRING"),
        (",\"description\":\"\\u0000\"", "description INVALID_CHARACTER"),
        (",\"expiresAt\":\"2030-01-01T00:00:00\"", "expiresAt INVALID_TIME"),
        (",\"expiresAt\":\"2020-01-01T00:00:00Z\"", "expiresAt NOT_IN_FUTURE"),
        (",\"expiresAt\":\"2038-01-01T00:00:00Z\"", "expiresAt TOO_FAR"),
        (",\"metadata\":[]", "metadata NOT_AN_OBJECT"),
        (",\"metadata\":{\"k\":{}}", "metadata.k INVALID_VALUE"),
        (",\"metadata\":{\"k\":null}", "metadata.k INVALID_VALUE"),
        (",\"recipientRestrictions\":\"x\"", "recipientRestrictions NOT_AN_OBJECT"),
        (",\"recipientRestrictions\":{\"emails\":\"x\"}", "recipientRestrictions.emails NOT_AN_ARRAY"),
        (",\"recipientRestrictions\":{\"emails\":[\"a@b.c\",\"x\"]}", "recipientRestrictions.emails[1] INVALID_EMAIL"),
        (",\"recipientRestrictions\":{\"emails\":[1]}", "recipientRestrictions.emails[0] NOT_A_STRING"),
        (",\"recipientRestrictions\":{\"walletIds\":[\"lnk_x\"]}", "recipientRestrictions.walletIds[0] INVALID_ID"),
        (",\"metadata\":{\"k\":1,\"k\":2}", "metadata.k DUPLICATE_FIELD"),
        (",\"metadata\":{\"k\":1e64}", "metadata.k TOO_MANY_DIGITS"),
        (",\"maxUses\":2", "maxUses NOT_SUPPORTED"),
        (",\"maxUses\":\"1\"", "maxUses NOT_SUPPORTED"),
        (",\"idempotencyKey\":\"\"", "idempotencyKey EMPTY"),
        (",\"idempotencyKey\":7", "idempotencyKey NOT_A_STRING"),
    ])
    func `A wrong field is named`(_ more: String, _ expected: String) {
        #expect(problems(body(more)) == [expected])
    }

    @Test(arguments: [
        ("150.00", "NOT_A_STRING"), ("\"1e3\"", "EXPONENT_NOT_ALLOWED"), ("\"-1\"", "SIGN_NOT_ALLOWED"),
        ("\"01\"", "LEADING_ZEROS_NOT_ALLOWED"), ("\"0\"", "NOT_POSITIVE"), ("\"0.001\"", "TOO_MANY_DECIMALS"),
        ("\" 1\"", "SPACES_NOT_ALLOWED"), ("\"10000000000\"", "TOO_LARGE"), ("true", "NOT_A_STRING"),
        ("null", "REQUIRED"),
    ])
    func `A wrong amount alone is an invalid amount`(_ amount: String, _ code: String) throws {
        let json = "{\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"amount\":\(amount)}"
        let invalid = #expect(throws: InvalidRequest.self) { try read(json) }
        #expect(invalid?.code == .invalidAmount)
        #expect(invalid?.fields.map(\.code) == [code])
    }

    @Test func `Every wrong field is named at once`() {
        let wrong = problems("{\"amount\":1,\"currency\":\"EUR\",\"expiresAt\":false,\"maxUses\":3}", header: [""])
        #expect(
            wrong == [
                "walletId REQUIRED", "amount NOT_A_STRING", "currency INVALID_VALUE", "expiresAt NOT_A_STRING",
                "maxUses NOT_SUPPORTED", "Idempotency-Key EMPTY",
            ])
    }

    @Test func `A wrong currency does not make the amount wrong too`() {
        #expect(
            problems("{\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"amount\":\"1.123456\",\"currency\":\"X\"}")
                == ["currency INVALID_VALUE"])
    }

    @Test(
        arguments: [
            (nil, ["h"], "h"), ("b", [], "b"), ("same", ["same"], "same"),
        ] as [(String?, [String], String)])
    func `The header's key goes before the body's`(_ own: String?, _ header: [String], _ key: String) throws {
        let more = own.map { ",\"idempotencyKey\":\"\($0)\"" } ?? ""
        #expect(try read(body(more), header: header).idempotencyKey == key)
    }

    @Test func `Two different keys are refused, and so are keys that are too long`() {
        #expect(problems(body(",\"idempotencyKey\":\"a\""), header: ["b"]) == ["Idempotency-Key AMBIGUOUS"])
        #expect(problems(body(), header: ["a", "a"]) == ["Idempotency-Key AMBIGUOUS"])
        #expect(problems(body(), header: [String(repeating: "k", count: 255)]) == [])
        #expect(problems(body(), header: [String(repeating: "k", count: 256)]) == ["Idempotency-Key TOO_LONG"])
    }

    @Test(arguments: [("", ["key"]), (",\"idempotencyKey\":\"key\"", [])])
    func `An expiry that has passed is let through under a key, which may have been used in time`(
        _ key: String, _ header: [String]
    ) throws {
        let late = ",\"expiresAt\":\"2020-01-01T00:00:00Z\"" + key
        #expect(try read(body(late), header: header).expiresAt == Timestamp(iso8601: "2020-01-01T00:00:00Z"))
        #expect(
            problems(body(late + ",\"maxUses\":2"), header: header) == [
                "maxUses NOT_SUPPORTED", "expiresAt NOT_IN_FUTURE",
            ])
        #expect(
            problems(body(",\"expiresAt\":\"2038-01-01T00:00:00Z\"" + key), header: header) == ["expiresAt TOO_FAR"])
    }

    @Test func `Requests that say the same have the same canonical form`() throws {
        let one = try read(body(",\"metadata\":{\"a\":1,\"b\":2},\"idempotencyKey\":\"x\""))
        let same = try read(
            "{\"metadata\":{\"b\":2,\"a\":1},\"amount\":\"150\",\"currency\":\"USD\","
                + "\"walletId\":\"wal_01arz3ndektsv4rrffq69g5fav\"}")
        #expect(one.canonical == same.canonical)
    }

    @Test(arguments: [
        ("12345678901234567890", "12345678901234567891"), ("0.1", "0.10000000000000000001"), ("1e63", "1.1e63"),
        ("9007199254740993", "9007199254740992"),
    ])
    func `Numbers that one Double stands for have different canonical forms`(_ one: String, _ other: String) throws {
        func canonical(_ number: String) throws -> [UInt8] {
            try read(body(",\"metadata\":{\"n\":\(number)}")).canonical
        }
        #expect(try canonical(one) != canonical(other))
        #expect(try canonical(one) == canonical(one))
    }

    @Test(arguments: [("1.50", "1.5"), ("5.0", "5"), ("1E3", "1000"), ("-0", "0"), ("0.000001", "0.000001")])
    func `Spellings of one number have the same canonical form`(_ one: String, _ other: String) throws {
        let link = try read(body(",\"metadata\":{\"n\":\(one)}"))
        #expect(link.metadataJSON == "{\"n\":\(other)}")
    }

    @Test(arguments: [
        ",\"description\":\"\"", ",\"currency\":\"USDC\"", ",\"expiresAt\":\"2030-01-01T00:00:00Z\"",
        ",\"metadata\":{\"a\":1}", ",\"metadata\":{\"a\":\"1\"}",
        ",\"recipientRestrictions\":{\"emails\":[\"a@b.co\"]}",
    ])
    func `Requests that differ have different canonical forms`(_ more: String) throws {
        #expect(try read(body(more)).canonical != read(body()).canonical)
    }
}
