import PaymentLinks
import Testing

@Suite("A link's fields")
struct LinkFieldTests {
    @Test(
        "An e-mail address is accepted as it is written",
        arguments: [
            "payer@example.com", "Payer@Example.COM", "a@b", "first.last+tag@sub.example.co", "o'brien@example.com",
            "用户@例え.jp", String(repeating: "l", count: 64) + "@example.com",
            "x@" + String(repeating: "d", count: 63) + ".com",
        ])
    func emails(text: String) throws {
        #expect(try EmailAddress(text).string == text)
    }

    @Test(
        "A slip in an e-mail address is noticed",
        arguments: [
            "", "payer", "@example.com", "payer@", "payer@@example.com", "a@b@c", "pay er@example.com",
            "payer@exa mple.com",
            "payer@example..com", "payer@.com", "payer@example.com.", "payer@-example.com", "payer@example-.com",
            "<payer@example.com>", "payer@example.com\n", "payer,other@example.com", "payer@exam_ple.com",
            "payer@example.com\u{0}", String(repeating: "l", count: 65) + "@example.com",
            "x@" + String(repeating: "d", count: 64) + ".com",
        ])
    func malformedEmails(text: String) {
        #expect(throws: EmailAddressError.malformed) { try EmailAddress(text) }
    }

    @Test("An e-mail address has at most 254 bytes")
    func longEmails() throws {
        let domain = Array(repeating: String(repeating: "d", count: 61), count: 4).joined(separator: ".")
        #expect(throws: Never.self) { try EmailAddress("123456@" + domain) }
        #expect(throws: EmailAddressError.tooLong) { try EmailAddress("12345678@" + domain) }
    }

    @Test("E-mail addresses are compared without case")
    func emailCase() throws {
        let (written, folded) = (try EmailAddress("Payer@Example.COM"), try EmailAddress("payer@example.com"))
        #expect(written == folded)
        #expect(Set([written, folded]).count == 1)
        #expect(written.folded == "payer@example.com")
        #expect(written != (try EmailAddress("payer2@example.com")))
    }

    @Test("Restrictions may name e-mail addresses, wallets, both or neither")
    func restrictions() throws {
        let email = try EmailAddress("a@example.com")
        let wallet = WalletID(bits: 42)
        let cases: [(String, RecipientRestrictions)] = [
            ("{}", RecipientRestrictions()),
            (#"{"emails":["a@example.com"],"walletIds":null}"#, RecipientRestrictions(emails: [email])),
            (#"{"walletIds":["wal_0000000000000000000000001A"]}"#, RecipientRestrictions(walletIds: [wallet])),
        ]
        for (json, expected) in cases {
            #expect(try JSON.value(json, as: RecipientRestrictions.self) == expected)
            #expect(try JSON.value(JSON.text(expected), as: RecipientRestrictions.self) == expected)
        }
        #expect(cases.map(\.1.isEmpty) == [true, false, false])
    }

    @Test("A restriction's list has at most 100 entries", arguments: [(0, false), (100, false), (101, true)])
    func restrictionCounts(count: Int, isTooMany: Bool) throws {
        let email = try EmailAddress("a@example.com")
        let restrictions = RecipientRestrictions(
            emails: Array(repeating: email, count: count), walletIds: Array(repeating: WalletID(bits: 1), count: count))
        let fields = restrictions.problems(field: "recipientRestrictions").map(\.field)
        #expect(fields == (isTooMany ? ["recipientRestrictions.emails", "recipientRestrictions.walletIds"] : []))
    }

    private static func number(_ text: String) -> MetadataValue {
        JSONNumber(json: text.utf8).map(MetadataValue.number) ?? .string("not a number")
    }

    @Test("Metadata is written with its JSON types and all digits, its names in the order of their bytes")
    func metadataCoding() throws {
        let metadata: Metadata = [
            "f": Self.number("-12345678901234567890.5"), "a": .string("text"), "b": Self.number("1"),
            "é": .boolean(false), "d": .boolean(true), "z": .string("1"),
        ]
        #expect(
            metadata.json == #"{"a":"text","b":1,"d":true,"f":-12345678901234567890.5,"z":"1","é":false}"#)
    }

    @Test("Metadata compares names as bytes")
    func metadataNames() throws {
        #expect(Metadata([("é", .boolean(true)), ("e\u{301}", .boolean(true))]).repeatedName == nil)
        #expect(Metadata([("b", .boolean(true)), ("a", .boolean(true)), ("b", .boolean(false))]).repeatedName == "b")
    }

    @Test(
        "Metadata has bounds, and each breach is named",
        arguments: [
            ([:], []), (["k": .string("")], []), ([String(repeating: "k", count: 64): .boolean(true)], []),
            ([String(repeating: "k", count: 65): .boolean(true)], ["TOO_LONG"]),
            (["k": .string(String(repeating: "v", count: 500))], []),
            (["k": .string(String(repeating: "v", count: 501))], ["TOO_LONG"]),
            (["": .boolean(true)], ["EMPTY"]), (["k\u{0}": .boolean(true)], ["INVALID_CHARACTER"]),
            (["k": .string("v\u{0}")], ["INVALID_CHARACTER"]), (Self.metadata(keys: 50), []),
            (Self.metadata(keys: 51), ["TOO_MANY"]),
            (["": .string(String(repeating: "v", count: 501))], ["EMPTY", "TOO_LONG"]),
        ] as [(Metadata, [String])])
    func metadataBounds(metadata: Metadata, codes: [String]) {
        #expect(metadata.problems(field: "metadata").map(\.code) == codes)
    }

    @Test(
        "A description has at most 1,024 characters, whichever they are",
        arguments: [
            ("", []), (String(repeating: "d", count: 1024), []), (String(repeating: "d", count: 1025), ["TOO_LONG"]),
            (String(repeating: "é", count: 1024), []), ("e" + String(repeating: "\u{301}", count: 1024), ["TOO_LONG"]),
            ("two\nlines", []), ("nul\u{0}", ["INVALID_CHARACTER"]),
        ] as [(String, [String])])
    func descriptions(text: String, codes: [String]) {
        #expect(LinkLimits.problems(description: text).map(\.code) == codes)
    }

    @Test(
        "An expiry lies in the future, at most ten years ahead",
        arguments: [
            ("2026-04-01T00:00:00Z", ["NOT_IN_FUTURE"]), ("2026-03-31T23:59:59Z", ["NOT_IN_FUTURE"]),
            ("2026-04-01T00:00:00.000001Z", []), ("2036-04-01T00:00:00Z", []),
            ("2036-04-01T00:00:00.000001Z", ["TOO_FAR"]),
        ])
    func expiries(text: String, codes: [String]) throws {
        let now = try #require(Timestamp(iso8601: "2026-04-01T00:00:00Z"))
        let expiry = try #require(Timestamp(iso8601: text))
        #expect(LinkLimits.problems(expiresAt: expiry, at: now).map(\.code) == codes)
    }

    private static func metadata(keys: Int) -> Metadata {
        Metadata((0..<keys).map { ("key\($0)", .boolean(true)) })
    }
}
