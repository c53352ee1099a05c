import APIGateway
import PaymentLinks
import Storage
import Testing

@Suite("The other bodies")
struct OtherBodyTests {
    private func object(_ json: String) throws -> [String: JSONValue] {
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

    @Test func `A number beyond all bounds spoils the field that is read, and no other`() throws {
        let fields = try object(#"{"name":"A","unknown":-1e999,"metadata":{"n":1e999},"agentName":1e400}"#)
        #expect(problems { _ = try WalletBody(fields) } == ["metadata.n INVALID_VALUE", "agentName NOT_A_STRING"])
        #expect(problems { _ = try WalletBody(try object(#"{"name":"A","unknown":[1e999]}"#)) } == [])
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

    @Test(arguments: [
        ("{}", ["name REQUIRED"]), ("{\"name\":\" \"}", ["name EMPTY"]),
        ("{\"name\":1,\"currency\":\"GBP\",\"allowPublicClaims\":\"yes\",\"metadata\":1}",
            ["name NOT_A_STRING", "currency INVALID_VALUE", "allowPublicClaims NOT_A_BOOLEAN", "metadata NOT_AN_OBJECT"]),
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

    @Test(arguments: [
        ("{\"amount\":\"10000\"}", Currency.usd, nil), ("{\"amount\":\"10000.01\"}", .usd, "amount TOO_LARGE"),
        ("{\"amount\":\"0.000001\"}", .usdc, nil), ("{\"amount\":\"0.001\"}", .usd, "amount TOO_MANY_DECIMALS"),
        ("{\"amount\":5}", .usd, "amount NOT_A_STRING"), ("{}", .usd, "amount REQUIRED"),
    ] as [(String, Currency, String?)])
    func `A funding is held to the wallet's currency and to its limit`(
        _ json: String, _ currency: Currency, _ expected: String?
    ) {
        let found = problems { _ = try FundingBody(try object(json), allowsNumbers: false).amount(in: currency) }
        #expect(found == Set([expected].compactMap { $0 }))
    }

    @Test(arguments: [("100", 10_000), ("100.5", 10_050), ("\"7.25\"", 725), ("0.1", 10)] as [(String, Int64)])
    func `The sandbox takes numbers as well`(_ amount: String, _ cents: Int64) throws {
        let body = try SandboxFundingBody(
            object("{\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"amount\":\(amount)}"))
        #expect(try body.funding.amount(in: .usd).minorUnits == cents)
    }

    @Test func `The sandbox names both fields when both are wrong`() {
        #expect(
            problems { _ = try SandboxFundingBody(try object("{\"amount\":\"x\"}")) }
                == ["walletId REQUIRED", "amount NOT_A_DECIMAL"])
    }

    @Test(arguments: [
        ("{\"status\":\"CANCELLED\"}", []), ("{}", []), ("{\"status\":\"ACTIVE\"}", ["status INVALID_VALUE"]),
        ("{\"status\":1}", ["status NOT_A_STRING"]), ("{\"status\":null}", ["status REQUIRED"]),
        ("{\"description\":\"New\"}", ["status REQUIRED"]), ("{\"Status\":\"ACTIVE\"}", ["status REQUIRED"]),
        ("{\"status\":\"CANCELLED\",\"description\":\"x\"}", []),
    ] as [(String, Set<String>)])
    func `A link's PATCH can only cancel`(_ json: String, _ expected: Set<String>) {
        #expect(problems { try CancellationBody.check(try object(json)) } == expected)
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
