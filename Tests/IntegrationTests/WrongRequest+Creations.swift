import PaymentLinks
import TestSupport

extension WrongRequest {
    /// Everything that can be wrong with a link as its creator asks for it.
    static func creations(_ subjects: Subjects) -> [WrongRequest] {
        let form = CreationForm(wallet: subjects.wallet)
        return form.amounts + form.scalars + form.times + form.metadata + form.restrictions + form.keys + form.several
    }
}

/// Bodies of creations, each right but for what it is about.
private struct CreationForm {
    let wallet: WalletID

    private func wrong(
        _ changes: [String: String?], _ fields: String..., headers: [String: String] = [:]
    ) -> WrongRequest {
        let right = ["walletId": WrongRequest.quoted("\(wallet)"), "amount": #""10.00""#]
        return .invalid("POST", "/v1/payment-links", WrongRequest.object(right, changes), fields, headers: headers)
    }

    var amounts: [WrongRequest] {
        let texts: [(String, String)] = [
            ("", "EMPTY"), ("+10.00", "SIGN_NOT_ALLOWED"), ("-10.00", "SIGN_NOT_ALLOWED"),
            ("1e3", "EXPONENT_NOT_ALLOWED"), ("1E3", "EXPONENT_NOT_ALLOWED"), ("0010.00", "LEADING_ZEROS_NOT_ALLOWED"),
            ("00", "LEADING_ZEROS_NOT_ALLOWED"), (" 10.00", "SPACES_NOT_ALLOWED"), ("10.00 ", "SPACES_NOT_ALLOWED"),
            ("1 000", "SPACES_NOT_ALLOWED"), (#"10\n"#, "SPACES_NOT_ALLOWED"), ("1,000.00", "SEPARATORS_NOT_ALLOWED"),
            ("10.", "NOT_A_DECIMAL"), (".50", "NOT_A_DECIMAL"), ("1.2.3", "NOT_A_DECIMAL"), ("$10", "NOT_A_DECIMAL"),
            ("0x10", "NOT_A_DECIMAL"), ("NaN", "NOT_A_DECIMAL"), ("१०", "NOT_A_DECIMAL"),
            (#"1\u0000"#, "NOT_A_DECIMAL"),
            ("10.001", "TOO_MANY_DECIMALS"), ("10.000", "TOO_MANY_DECIMALS"), ("0", "NOT_POSITIVE"),
            ("0.00", "NOT_POSITIVE"), ("10000000000.00", "TOO_LARGE"), ("99999999999999999999999", "TOO_LARGE"),
        ]
        let usdc = [
            ("1.0000001", "TOO_MANY_DECIMALS"), ("0.000000", "NOT_POSITIVE"), ("9999999999.990001", "TOO_LARGE"),
        ]
        let values = ["10.00", "10", "true", #"["10.00"]"#, #"{"value":"10.00"}"#]
        return texts.map { wrong(["amount": WrongRequest.quoted($0.0)], "amount \($0.1)") }
            + usdc.map { wrong(["amount": WrongRequest.quoted($0.0), "currency": #""USDC""#], "amount \($0.1)") }
            + values.map { wrong(["amount": $0], "amount NOT_A_STRING") }
            + [wrong(["amount": nil], "amount REQUIRED"), wrong(["amount": "null"], "amount REQUIRED")]
    }

    var scalars: [WrongRequest] {
        [
            wrong(["walletId": nil], "walletId REQUIRED"),
            wrong(["walletId": "null"], "walletId REQUIRED"),
            wrong(["walletId": "7"], "walletId NOT_A_STRING"),
            wrong(["walletId": #""wallet""#], "walletId INVALID_ID"),
            wrong(["walletId": #""lnk_01J00000000000000000000000""#], "walletId INVALID_ID"),
            wrong(["currency": #""EUR""#], "currency INVALID_VALUE"),
            wrong(["currency": #""usd""#], "currency INVALID_VALUE"),
            wrong(["currency": "1"], "currency NOT_A_STRING"),
            wrong(["description": WrongRequest.letters(1_025)], "description TOO_LONG"),
            wrong(["description": "1"], "description NOT_A_STRING"),
            wrong(["description": #""a\u0000b""#], "description INVALID_CHARACTER"),
            wrong(["recipientRestriction": #"{"emails":["payer@example.com"]}"#], "recipientRestriction UNKNOWN_FIELD"),
            wrong(["expires_at": #""2035-01-01T00:00:00Z""#], "expires_at UNKNOWN_FIELD"),
            wrong(["recipientRestrictions": #"{"email":["a@b.co"]}"#], "recipientRestrictions.email UNKNOWN_FIELD"),
            wrong(["maxUses": "2"], "maxUses NOT_SUPPORTED"),
            wrong(["maxUses": "0"], "maxUses NOT_SUPPORTED"),
            wrong(["maxUses": #""1""#], "maxUses NOT_SUPPORTED"),
        ]
    }

    var times: [WrongRequest] {
        let texts = [
            ("2020-01-01T00:00:00Z", "NOT_IN_FUTURE"), ("2035-01-01T00:00:00", "INVALID_TIME"),
            ("2035-02-30T00:00:00Z", "INVALID_TIME"), ("2035-01-01", "INVALID_TIME"), ("tomorrow", "INVALID_TIME"),
            (Timestamp.now().advanced(by: .seconds(3_654 * 86_400)).iso8601, "TOO_FAR"),
        ]
        return texts.map { wrong(["expiresAt": WrongRequest.quoted($0.0)], "expiresAt \($0.1)") }
            + [wrong(["expiresAt": "1900000000"], "expiresAt NOT_A_STRING")]
    }

    var metadata: [WrongRequest] {
        let many = Dictionary(uniqueKeysWithValues: (0...50).map { ("key\($0)", "1") })
        let long = String(repeating: "k", count: 65)
        return [
            wrong(["metadata": "[]"], "metadata NOT_AN_OBJECT"),
            wrong(["metadata": #""order=1""#], "metadata NOT_AN_OBJECT"),
            wrong(["metadata": WrongRequest.object(many)], "metadata TOO_MANY"),
            wrong(["metadata": WrongRequest.object([long: "1"])], "metadata TOO_LONG"),
            wrong(["metadata": #"{"":1}"#], "metadata EMPTY"),
            wrong(["metadata": #"{"n":1e400}"#], "metadata.n TOO_MANY_DIGITS"),
            wrong(["metadata": #"{"a":1,"a":2}"#], "metadata.a DUPLICATE_FIELD"),
            wrong(["metadata": WrongRequest.object(["note": WrongRequest.letters(501)])], "metadata.note TOO_LONG"),
            wrong(["metadata": #"{"note":"\u0000"}"#], "metadata.note INVALID_CHARACTER"),
            wrong(
                ["metadata": #"{"a":null,"b":[],"c":{}}"#],
                "metadata.a INVALID_VALUE", "metadata.b INVALID_VALUE", "metadata.c INVALID_VALUE"),
        ]
    }

    var restrictions: [WrongRequest] {
        let emails = WrongRequest.array((0...100).map { WrongRequest.quoted("payer\($0)@example.com") })
        let wallets = WrongRequest.array((0...100).map { _ in WrongRequest.quoted("\(wallet)") })
        let name = "recipientRestrictions"
        return [
            wrong([name: "[]"], "\(name) NOT_AN_OBJECT"),
            wrong([name: #"{"emails":"payer@example.com"}"#], "\(name).emails NOT_AN_ARRAY"),
            wrong([name: #"{"emails":\#(emails)}"#], "\(name).emails TOO_MANY"),
            wrong([name: #"{"walletIds":\#(wallets)}"#], "\(name).walletIds TOO_MANY"),
            wrong(
                [name: #"{"emails":["payer@example.com","payer","a b@example.com",7]}"#],
                "\(name).emails[1] INVALID_EMAIL", "\(name).emails[2] INVALID_EMAIL", "\(name).emails[3] NOT_A_STRING"),
            wrong(
                [name: #"{"walletIds":["\#(wallet)","wal_1",null]}"#],
                "\(name).walletIds[1] INVALID_ID", "\(name).walletIds[2] NOT_A_STRING"),
        ]
    }

    var keys: [WrongRequest] {
        let long = String(repeating: "k", count: 256)
        return [
            wrong([:], "Idempotency-Key TOO_LONG", headers: ["idempotency-key": long]),
            wrong(["idempotencyKey": WrongRequest.quoted(long)], "idempotencyKey TOO_LONG"),
            wrong(["idempotencyKey": #""""#], "idempotencyKey EMPTY"),
            wrong(["idempotencyKey": "7"], "idempotencyKey NOT_A_STRING"),
            wrong(["idempotencyKey": #""one""#], "Idempotency-Key AMBIGUOUS", headers: ["idempotency-key": "other"]),
        ]
    }

    /// Several at once: all are named, and the amount is one of many then.
    var several: [WrongRequest] {
        [
            wrong(["amount": "1", "walletId": nil], "amount NOT_A_STRING", "walletId REQUIRED"),
            wrong(
                [
                    "amount": #""-1""#, "walletId": "1", "currency": #""EUR""#, "maxUses": "5",
                    "description": WrongRequest.letters(1_025), "expiresAt": #""soon""#, "metadata": "1",
                    "recipientRestrictions": #"{"emails":["x"],"walletIds":["y"]}"#,
                ],
                "amount SIGN_NOT_ALLOWED", "walletId NOT_A_STRING", "currency INVALID_VALUE", "maxUses NOT_SUPPORTED",
                "description TOO_LONG", "expiresAt INVALID_TIME", "metadata NOT_AN_OBJECT",
                "recipientRestrictions.emails[0] INVALID_EMAIL", "recipientRestrictions.walletIds[0] INVALID_ID"),
        ]
    }
}
