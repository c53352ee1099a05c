import APIGateway
import PaymentLinks
import Storage
import Testing

@Suite("The other bodies")
struct OtherBodyTests {
    private func object(_ json: String) throws -> JSONObject {
        try JSONValue.object(from: Array(json.utf8))
    }

    private func problems(_ read: () throws -> Void) -> Set<String> {
        do {
            try read()
            return []
        } catch let invalid as InvalidRequest {
            return Set(invalid.fields.map { "\($0.field) \($0.code)" })
        } catch {
            return ["\(error)"]
        }
    }

    @Test(arguments: ["", "{", "nul", "\u{FEFF}x", "{\"a\":\"\n\"}"])
    func `What is no JSON is refused as such`(_ text: String) {
        let refusal = #expect(throws: Refusal.self) { try object(text) }
        #expect(refusal?.code == .invalidJSON)
    }

    @Test func `A number beyond all bounds is refused by the name of its field`() throws {
        let fields = try object(#"{"name":"A","metadata":{"n":1e999,"m":-1e999,"s":1e-99},"agentName":1e400}"#)
        #expect(
            problems { _ = try WalletBody(fields) } == [
                "metadata.n TOO_MANY_DIGITS", "metadata.m TOO_MANY_DIGITS", "metadata.s TOO_MANY_DIGITS",
                "agentName NOT_A_STRING",
            ])
    }

    @Test func `Deep nesting is refused, not followed to the end of the stack`() {
        let deep = String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000)
        let refusal = #expect(throws: Refusal.self) { try object(deep) }
        #expect(refusal?.code == .invalidJSON)
    }

    @Test(arguments: ["[]", "1", "\"x\"", "null", "true"])
    func `JSON that is no object names the body`(_ text: String) {
        let invalid = #expect(throws: InvalidRequest.self) { try object(text) }
        #expect(invalid?.fields.map(\.field) == ["body"])
        #expect(invalid?.code == .validationError)
    }

    @Test(
        arguments: [
            ("{}", ["name REQUIRED"]), ("{\"name\":\" \"}", ["name EMPTY"]),
            (
                "{\"name\":1,\"currency\":\"GBP\",\"allowPublicClaims\":\"yes\",\"metadata\":1}",
                [
                    "name NOT_A_STRING", "currency INVALID_VALUE", "allowPublicClaims NOT_A_BOOLEAN",
                    "metadata NOT_AN_OBJECT",
                ]
            ),
        ] as [(String, Set<String>)])
    func `A wallet's wrong fields are named`(_ json: String, _ expected: Set<String>) {
        #expect(problems { _ = try WalletBody(try object(json)) } == expected)
    }

    @Test func `A wallet's change tells an absent agent from one that is taken away`() throws {
        #expect(try WalletChanges(object("{}")).agentName == .none)
        #expect(try WalletChanges(object("{\"agentName\":null}")).agentName == .some(nil))
        #expect(try WalletChanges(object("{\"agentName\":\"bot\"}")).agentName == .some("bot"))
        #expect(problems { _ = try WalletChanges(try object("{\"name\":null}")) } == ["name REQUIRED"])
    }

    @Test(
        arguments: [
            ("{\"amount\":\"10000\"}", Currency.usd, nil), ("{\"amount\":\"10000.01\"}", .usd, "amount TOO_LARGE"),
            ("{\"amount\":\"0.000001\"}", .usdc, nil), ("{\"amount\":\"0.001\"}", .usd, "amount TOO_MANY_DECIMALS"),
            ("{\"amount\":5}", .usd, "amount NOT_A_STRING"), ("{}", .usd, "amount REQUIRED"),
        ] as [(String, Currency, String?)])
    func `A funding is held to the wallet's currency and to its limit`(
        _ json: String, _ currency: Currency, _ expected: String?
    ) {
        let found = problems { _ = try FundingBody(try object(json)).amount(in: currency) }
        #expect(found == Set([expected].compactMap { $0 }))
    }

    @Test(
        arguments: [
            ("100", 10_000), ("100.5", 10_050), ("\"7.25\"", 725), ("0.1", 10), ("19.99", 1_999), ("1e2", 10_000),
            ("1.5E+1", 1_500), ("100.000", 10_000), ("10000", 1_000_000),
        ] as [(String, Int64)])
    func `The sandbox takes numbers as well`(_ amount: String, _ cents: Int64) throws {
        let body = try SandboxFundingBody(
            object("{\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"amount\":\(amount)}"))
        #expect(try body.funding.amount(in: .usd).minorUnits == cents)
    }

    @Test(arguments: [
        ("19.98999999999999999999", "TOO_MANY_DECIMALS"), ("0.000001", "TOO_MANY_DECIMALS"),
        ("1e-7", "TOO_MANY_DECIMALS"),
        ("-5", "SIGN_NOT_ALLOWED"), ("0", "NOT_POSITIVE"), ("-0.0", "NOT_POSITIVE"), ("1e60", "TOO_LARGE"),
        ("1e999", "TOO_MANY_DIGITS"), ("1e-999", "TOO_MANY_DIGITS"), ("10000.01", "TOO_LARGE"),
    ])
    func `A number that the wallet cannot hold exactly is refused and not rounded`(
        _ amount: String, _ code: String
    ) {
        let found = problems {
            _ = try SandboxFundingBody(
                try object("{\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"amount\":\(amount)}")
            ).funding.amount(in: .usd)
        }
        #expect(found == ["amount \(code)"])
    }

    @Test func `A number of six decimals is exact in a wallet of USDC`() throws {
        let body = try SandboxFundingBody(
            object("{\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"amount\":0.000001}"))
        #expect(try body.funding.amount(in: .usdc).minorUnits == 1)
    }

    @Test func `The sandbox names both fields when both are wrong`() {
        #expect(
            problems { _ = try SandboxFundingBody(try object("{\"amount\":\"x\"}")) }
                == ["walletId REQUIRED", "amount NOT_A_DECIMAL"])
    }

    @Test(
        arguments: [
            ("{\"status\":\"CANCELLED\"}", []), ("{}", []), ("{\"status\":\"ACTIVE\"}", ["status INVALID_VALUE"]),
            ("{\"status\":1}", ["status NOT_A_STRING"]), ("{\"status\":null}", ["status REQUIRED"]),
            ("{\"description\":\"New\"}", []), ("{\"Status\":\"ACTIVE\"}", ["Status UNKNOWN_FIELD"]),
            ("{\"description\":null,\"expiresAt\":null,\"metadata\":null}", []),
            ("{\"expires_at\":null}", ["expires_at UNKNOWN_FIELD"]),
            ("{\"amount\":\"1.00\"}", ["amount UNKNOWN_FIELD"]),
            ("{\"expiresAt\":\"2001-01-01T00:00:00Z\"}", ["expiresAt NOT_IN_FUTURE"]),
            ("{\"metadata\":[],\"description\":1}", ["metadata NOT_AN_OBJECT", "description NOT_A_STRING"]),
            ("{\"status\":\"CANCELLED\",\"description\":\"x\"}", ["status NOT_COMBINABLE"]),
        ] as [(String, Set<String>)])
    func `A link's PATCH cancels or changes, and nothing else`(_ json: String, _ expected: Set<String>) {
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        #expect(problems { _ = try LinkPatch(try object(json), at: now) } == expected)
    }

    @Test func `A link's PATCH tells an absent member from one that is removed`() throws {
        let now = Timestamp(microseconds: 1_800_000_000_000_000)
        guard case .change(let changes) = try LinkPatch(object("{\"description\":null}"), at: now) else {
            Issue.record("not a change")
            return
        }
        #expect(changes.description == .some(nil) && changes.expiresAt == nil && changes.metadataJSON == nil)
        guard case .cancel = try LinkPatch(object("{}"), at: now) else {
            Issue.record("not a cancellation")
            return
        }
    }

    @Test func `A key's wrong fields are named`() {
        let json = """
            {"permissions":["payments:read","root"],"environment":"TEST","walletScope":["x"],"allowedIps":["1.2.3.4/33"],
            "expiresAt":"2001-01-01T00:00:00Z"}
            """
        #expect(
            problems { _ = try KeyBody(try object(json), at: Timestamp(microseconds: 1_800_000_000_000_000)) } == [
                "name REQUIRED", "permissions[1] INVALID_VALUE", "environment INVALID_VALUE",
                "walletScope[0] INVALID_ID", "allowedIps[0] INVALID_ADDRESS", "expiresAt NOT_IN_FUTURE",
            ])
    }
}
