import PaymentLinks
import TestSupport

extension WrongRequest {
    /// Everything that can be wrong with a claim as its payer sends it.
    static func claims(_ subjects: Subjects) -> [WrongRequest] {
        let form = ClaimForm(path: subjects.claimPath)
        return form.methods + form.bankAccounts + form.addresses + form.others
    }
}

/// Bodies of claims, each right but for what it is about.
private struct ClaimForm {
    let path: String

    private static let ach = [
        "type": #""ACH""#, "routingNumber": #""021000021""#, "accountName": #""Acme Corp""#,
        "accountNumber": WrongRequest.quoted(WrongRequest.accountNumber),
    ]
    private static let usdc = [
        "type": #""USDC""#, "address": #""0x00000000000000000000000000000000000000aa""#, "chain": #""base""#,
    ]

    private func wrong(_ members: [String: String], _ fields: String..., headers: [String: String] = [:])
        -> WrongRequest
    {
        .invalid("POST", path, WrongRequest.object(members), fields, headers: headers)
    }

    private func ach(_ changes: [String: String?], _ fields: String...) -> WrongRequest {
        let destination = WrongRequest.object(Self.ach, changes)
        return .invalid("POST", path, WrongRequest.object(["method": #""ach""#, "destination": destination]), fields)
    }

    private func usdc(_ changes: [String: String?], _ fields: String...) -> WrongRequest {
        let destination = WrongRequest.object(Self.usdc, changes)
        return .invalid("POST", path, WrongRequest.object(["method": #""usdc""#, "destination": destination]), fields)
    }

    var methods: [WrongRequest] {
        let (ach, usdc) = (WrongRequest.object(Self.ach), WrongRequest.object(Self.usdc))
        return [
            wrong([:], "method REQUIRED", "destination REQUIRED"),
            wrong(["destination": ach], "method REQUIRED"),
            wrong(["method": #""card""#, "destination": ach], "method INVALID_VALUE"),
            wrong(["method": #""ACH""#, "destination": ach], "method INVALID_VALUE"),
            wrong(["method": "1", "destination": ach], "method NOT_A_STRING"),
            wrong(["method": #""ach""#], "destination REQUIRED"),
            wrong(["method": #""ach""#, "destination": #""ACH""#], "destination NOT_AN_OBJECT"),
            wrong(["method": #""usdc""#, "destination": ach], "destination.type METHOD_MISMATCH"),
            wrong(["method": #""ach""#, "destination": usdc], "destination.type METHOD_MISMATCH"),
            wrong(["method": #""wallet""#, "destination": usdc], "destination.type METHOD_MISMATCH"),
            self.ach(["type": nil], "destination.type REQUIRED"),
            self.ach(["type": #""CARD""#], "destination.type INVALID_VALUE"),
            self.ach(["type": "1"], "destination.type NOT_A_STRING"),
        ]
    }

    var bankAccounts: [WrongRequest] {
        let routingNumbers = [
            ("021000022", "INVALID_CHECK_DIGIT"), ("120000021", "INVALID_CHECK_DIGIT"),
            ("02100002", "INVALID_ROUTING_NUMBER"), ("0210000210", "INVALID_ROUTING_NUMBER"),
            ("02100002A", "INVALID_ROUTING_NUMBER"), ("000000000", "INVALID_ROUTING_NUMBER"),
            ("", "INVALID_ROUTING_NUMBER"),
        ]
        let accountNumbers = ["", "123", "123456789012345678", "1234-5678", "1234 5678", "१२३४५"]
        let names = [
            ("", "EMPTY"), ("  ", "EMPTY"), (String(repeating: "a", count: 257), "TOO_LONG"),
            (#"A\nB"#, "INVALID_CHARACTER"),
        ]
        return routingNumbers.map {
            ach(["routingNumber": WrongRequest.quoted($0.0)], "destination.routingNumber \($0.1)")
        }
            + accountNumbers.map {
                ach(["accountNumber": WrongRequest.quoted($0)], "destination.accountNumber INVALID_ACCOUNT_NUMBER")
            }
            + names.map { ach(["accountName": WrongRequest.quoted($0.0)], "destination.accountName \($0.1)") }
            + [
                ach(["routingNumber": "21000021"], "destination.routingNumber NOT_A_STRING"),
                ach(["accountNumber": WrongRequest.accountNumber], "destination.accountNumber NOT_A_STRING"),
                ach(
                    ["routingNumber": nil, "accountNumber": nil, "accountName": nil],
                    "destination.routingNumber REQUIRED", "destination.accountNumber REQUIRED",
                    "destination.accountName REQUIRED"),
            ]
    }

    var addresses: [WrongRequest] {
        let texts = [
            ("", "INVALID_ADDRESS"), ("0x12", "INVALID_ADDRESS"),
            ("00000000000000000000000000000000000000aa", "INVALID_ADDRESS"),
            ("0x00000000000000000000000000000000000000ag", "INVALID_ADDRESS"),
            ("0x00000000000000000000000000000000000000aa00", "INVALID_ADDRESS"),
            // The example of EIP-55 with the case of its last letter changed.
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "INVALID_CHECKSUM"),
        ]
        let chains = [("solana", "UNSUPPORTED_CHAIN"), ("", "UNSUPPORTED_CHAIN"), ("1", "UNSUPPORTED_CHAIN")]
        return texts.map { usdc(["address": WrongRequest.quoted($0.0)], "destination.address \($0.1)") }
            + chains.map { usdc(["chain": WrongRequest.quoted($0.0)], "destination.chain \($0.1)") }
            + [
                usdc(["address": nil, "chain": nil], "destination.address REQUIRED", "destination.chain REQUIRED"),
                usdc(["chain": "8453"], "destination.chain NOT_A_STRING"),
            ]
    }

    var others: [WrongRequest] {
        let ach = WrongRequest.object(Self.ach)
        let right = ["method": #""ach""#, "destination": ach]
        let long = String(repeating: "k", count: 256)
        return [
            wrong(["method": #""wallet""#, "destination": #"{"type":"WALLET"}"#], "destination.walletId REQUIRED"),
            wrong(
                ["method": #""wallet""#, "destination": #"{"type":"WALLET","walletId":"wal_1"}"#],
                "destination.walletId INVALID_ID"),
            wrong(right.merging(["recipientEmail": #""payer""#]) { $1 }, "recipientEmail INVALID_EMAIL"),
            wrong(right.merging(["recipientEmail": "[]"]) { $1 }, "recipientEmail NOT_A_STRING"),
            wrong(right, "Idempotency-Key TOO_LONG", headers: ["idempotency-key": long]),
            wrong(right.merging(["idempotencyKey": WrongRequest.quoted(long)]) { $1 }, "idempotencyKey TOO_LONG"),
            wrong(
                [
                    "method": #""card""#, "recipientEmail": #""@""#,
                    "destination": #"{"type":"ACH","routingNumber":"1","accountNumber":"1","accountName":""}"#,
                ],
                "method INVALID_VALUE", "recipientEmail INVALID_EMAIL",
                "destination.routingNumber INVALID_ROUTING_NUMBER",
                "destination.accountNumber INVALID_ACCOUNT_NUMBER", "destination.accountName EMPTY"),
        ]
    }
}
