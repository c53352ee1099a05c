import APIGateway
import PaymentLinks
import Testing

@Suite("A claim's body")
struct ClaimBodyTests {
    private static let ach =
        "{\"type\":\"ACH\",\"routingNumber\":\"021000021\",\"accountNumber\":\"1234567890\",\"accountName\":\"Acme\"}"
    private static let usdc =
        "{\"type\":\"USDC\",\"address\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\",\"chain\":\"Base\"}"
    private static let wallet = "{\"type\":\"WALLET\",\"walletId\":\"wal_01ARZ3NDEKTSV4RRFFQ69G5FAV\"}"

    private func read(_ json: String) throws -> ClaimBody {
        try ClaimBody(JSONValue.object(from: Array(json.utf8)))
    }

    private func problems(_ json: String) -> Set<String> {
        do {
            _ = try read(json)
            return []
        } catch let invalid as InvalidRequest {
            return Set(invalid.fields.map { "\($0.field) \($0.code)" })
        } catch {
            return ["\(error)"]
        }
    }

    @Test(arguments: [
        ("ach", Self.ach, ClaimMethod.ach), ("usdc", Self.usdc, .usdc), ("wallet", Self.wallet, .wallet),
    ])
    func `Each method's body is read`(_ name: String, _ destination: String, _ method: ClaimMethod) throws {
        #expect(try read("{\"method\":\"\(name)\",\"destination\":\(destination)}").method == method)
    }

    @Test(
        arguments: [
            ("{}", ["method REQUIRED", "destination REQUIRED"]),
            ("{\"method\":\"card\",\"destination\":{}}", ["method INVALID_VALUE", "destination.type REQUIRED"]),
            ("{\"method\":\"ach\",\"destination\":\(wallet)}", ["destination.type METHOD_MISMATCH"]),
            ("{\"method\":\"ach\",\"destination\":[]}", ["destination NOT_AN_OBJECT"]),
            (
                "{\"method\":\"ach\",\"destination\":{\"type\":\"ach\"}}",
                [
                    "destination.type INVALID_VALUE", "destination.routingNumber REQUIRED",
                    "destination.accountNumber REQUIRED", "destination.accountName REQUIRED",
                ]
            ),
            (
                "{\"method\":\"ach\",\"destination\":{\"type\":\"ACH\",\"routingNumber\":\"021000022\","
                    + "\"accountNumber\":\"12\",\"accountName\":\" \"},\"recipientEmail\":\"x\"}",
                [
                    "destination.routingNumber INVALID_CHECK_DIGIT", "destination.accountNumber INVALID_ACCOUNT_NUMBER",
                    "destination.accountName EMPTY", "recipientEmail INVALID_EMAIL",
                ]
            ),
            (
                "{\"method\":\"usdc\",\"destination\":{\"type\":\"USDC\",\"chain\":\"solana\","
                    + "\"address\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD\"}}",
                ["destination.address INVALID_CHECKSUM", "destination.chain UNSUPPORTED_CHAIN"]
            ),
            (
                "{\"method\":\"wallet\",\"destination\":{\"type\":\"WALLET\",\"walletId\":\"x\"}}",
                ["destination.walletId INVALID_ID"]
            ),
        ] as [(String, Set<String>)])
    func `Every wrong field is named at once`(_ json: String, _ expected: Set<String>) {
        #expect(problems(json) == expected)
    }

    @Test func `What differs only in spelling is the same request`() throws {
        let one = try read(
            "{\"method\":\"usdc\",\"destination\":\(Self.usdc),\"recipientEmail\":\"A@B.co\",\"idempotencyKey\":\"k\"}")
        let same = try read(
            "{\"destination\":{\"chain\":\"BASE\",\"address\":\"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed\","
                + "\"type\":\"USDC\"},\"recipientEmail\":\"a@b.CO\",\"method\":\"usdc\"}")
        #expect(one.canonical == same.canonical)
        #expect(try read("{\"method\":\"usdc\",\"destination\":\(Self.usdc)}").canonical != one.canonical)
    }
}
