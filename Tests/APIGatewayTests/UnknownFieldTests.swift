import APIGateway
import PaymentLinks
import Storage
import Testing
import Webhooks

@Suite("Unknown fields")
struct UnknownFieldTests {
    private static let wallet = "wal_01ARZ3NDEKTSV4RRFFQ69G5FAV"
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private static func object(_ json: String) throws -> JSONObject {
        try JSONValue.object(from: Array(json.utf8))
    }

    private static func fields(_ read: () throws -> Void) -> [FieldError] {
        do {
            try read()
            return []
        } catch {
            return (error as? InvalidRequest)?.fields ?? [FieldError(field: "?", code: "\(error)", message: "")]
        }
    }

    private static func link(_ more: String) -> [FieldError] {
        fields { _ = try LinkBody(object("{\"walletId\":\"\(wallet)\",\"amount\":\"1.00\"\(more)}"), at: now) }
    }

    private static func claim(_ destination: String, _ more: String = "") -> [FieldError] {
        fields { _ = try ClaimBody(object("{\"method\":\"ach\",\"destination\":{\(destination)}\(more)}")) }
    }

    private static let account =
        "\"type\":\"ACH\",\"routingNumber\":\"021000021\",\"accountNumber\":\"1234567890\",\"accountName\":\"A\""

    @Test(arguments: [
        ("recipientRestriction", "recipientRestrictions"), ("recipient_restrictions", "recipientRestrictions"),
        ("expires_at", "expiresAt"), ("expireAt", "expiresAt"), ("Amount", "amount"), ("wallet-id", "walletId"),
        ("metdata", "metadata"), ("currrency", "currency"), ("idempotencykey", "idempotencyKey"),
    ])
    func `A misspelled field is refused with the name that was meant`(_ name: String, _ meant: String) {
        let problems = Self.link(",\"\(name)\":null")
        #expect(problems.map(\.field) == [name] && problems.map(\.code) == ["UNKNOWN_FIELD"])
        #expect(problems.first?.message == "Unknown field. Did you mean \(meant)?")
    }

    @Test(arguments: ["__proto__", "constructor", "toString", "", "x", "\u{0}", "zzz\u{301}"])
    func `A name that is near no other is refused with the known names`(_ name: String) {
        let escaped = name == "\u{0}" ? "\\u0000" : name
        let problems = Self.link(",\"\(escaped)\":{\"walletId\":1}")
        #expect(problems.map(\.field) == [name] && problems.map(\.code) == ["UNKNOWN_FIELD"])
        #expect(problems.first?.message.contains("recipientRestrictions") == true)
    }

    @Test func `Unknown members of nested objects are named by their way`() {
        #expect(Self.link(",\"recipientRestrictions\":{\"email\":[]}").map(\.field) == ["recipientRestrictions.email"])
        #expect(Self.claim(Self.account + ",\"bank\":\"x\"").map(\.field) == ["destination.bank"])
        #expect(Self.claim(Self.account + ",\"walletId\":\"\(Self.wallet)\"").map(\.field) == ["destination.walletId"])
        #expect(Self.claim(Self.account, ",\"email\":\"a@example.com\"").map(\.field) == ["email"])
        #expect(Self.claim(Self.account).isEmpty)
    }

    @Test func `Metadata holds any name`() {
        #expect(Self.link(",\"metadata\":{\"__proto__\":1,\"walletid\":2}").isEmpty)
    }

    @Test(arguments: [
        ("amount", "amount"), ("recipientRestrictions", "recipientRestrictions"), ("\\u0061mount", "amount"),
    ])
    func `A field that comes twice is refused, for no reader can know which one counts`(
        _ spelling: String, _ field: String
    ) {
        let value = field == "amount" ? "\"2.00\"" : "null"
        let more = field == "amount" ? "" : ",\"\(field)\":{\"emails\":[\"a@example.com\"]}"
        let problems = Self.link("\(more),\"\(spelling)\":\(value)")
        #expect(problems.map(\.field) == [field] && problems.map(\.code) == ["DUPLICATE_FIELD"])
    }

    @Test func `Every body refuses what it does not know`() {
        let policy = AddressPolicy(allowsLoopback: false)
        let reads: [(String, (JSONObject) throws -> Void)] = [
            (#""name":"A""#, { _ = try WalletBody($0) }), ("", { _ = try WalletChanges($0) }),
            (#""name":"A","permissions":[]"#, { _ = try KeyBody($0, at: Self.now) }), ("", { _ = try KeyChanges($0) }),
            (#""amount":"1.00""#, { _ = try FundingBody($0) }),
            (#""walletId":"\#(Self.wallet)","amount":1"#, { _ = try SandboxFundingBody($0) }),
            ("", { _ = try LinkPatch($0, at: Self.now) }),
            (#""slug":"x","method":"ach","destination":{\#(Self.account)}"#, { _ = try ClaimLine($0) }),
            (#""since":"2026-01-01T00:00:00Z""#, { _ = try ReplayBody.start($0) }),
            (#""url":"https://example.com/""#, { _ = try WebhookBody($0, policy: policy) }),
            ("", { _ = try WebhookChanges($0, policy: policy) }),
        ]
        for (known, read) in reads {
            let body = "{\(known)\(known.isEmpty ? "" : ",")\"surplus\":1}"
            let problems = Self.fields { try read(try Self.object(body)) }
            #expect(problems.map { "\($0.field) \($0.code)" } == ["surplus UNKNOWN_FIELD"], "\(body)")
        }
    }

    @Test func `What an official client sends is known`() {
        #expect(Self.link(",\"currency\":\"USD\",\"description\":\"x\",\"maxUses\":1").isEmpty)
        #expect(Self.link(",\"maxUses\":2").map(\.code) == ["NOT_SUPPORTED"])
    }

    @Test func `The names that an answer repeats are bounded`() {
        let many = (0..<60).map { ",\"unknown\($0)\":1" }.joined()
        #expect(Self.link(many).count == 16)
        let long = String(repeating: "x", count: 60_000)
        #expect(Self.link(",\"\(long)\":1").map(\.field) == [String(repeating: "x", count: 64)])
        let flood = (0..<3_000).map { ",\"u\($0)\":1" }.joined()
        let problems = Self.link(flood)
        #expect(problems.first.map { "\($0.field) \($0.code)" } == "body TOO_MANY")
        #expect(problems.count == 17)
    }

    // MARK: - Queries

    private static func query(_ text: String, _ read: (inout ListQuery) -> Void = { _ in }) -> [FieldError] {
        fields {
            var query = ListQuery(QueryParameters(text))
            read(&query)
            try query.finish()
        }
    }

    @Test func `Unknown parameters are refused, with the name that was meant`() {
        let problems = Self.query("limt=1&metadata.order=A-17&walletId=\(Self.wallet)") { _ = $0.walletId() }
        #expect(problems.map(\.field) == ["limt", "metadata.order"])
        #expect(problems.first?.message == "Unknown field. Did you mean limit?")
        #expect(Self.query("limit=5&cursor=").map(\.field) == ["cursor"])
        #expect(Self.query("limit=5").isEmpty && Self.query("").isEmpty && Self.query("&&").isEmpty)
        #expect(Self.query("limit=1&limit=2").map(\.code) == ["DUPLICATE_FIELD"])
        #expect(Self.query((0..<100).map { "a\($0)=1" }.joined(separator: "&")).first?.field == "query")
    }

    @Test(arguments: [
        ("a=b", "a", "b"), ("a", "a", ""), ("a=", "a", ""), ("=b", "", "b"), ("a=b=c", "a", "b=c"),
        ("a+b=%20c", "a b", " c"), ("%61=%C3%A9", "a", "é"), ("a=%", "a", "%"), ("a=%4", "a", "%4"),
        ("a=%zz", "a", "%zz"), ("a=%FF", "a", "\u{FFFD}"),
    ])
    func `A query is decoded`(_ text: String, _ name: String, _ value: String) {
        let entries = QueryParameters(text).entries
        #expect(entries.map(\.name) == [name] && entries.map(\.value) == [value])
    }

    @Test func `A value that is too long for any parameter is no value`() {
        #expect(QueryParameters("limit=\(String(repeating: "0", count: 600))5").entries.map(\.value) == [""])
    }
}
