import PaymentLinks
import TestSupport

extension WrongRequest {
    /// Everything that can be wrong beside links' and claims' own fields.
    static func others(_ subjects: Subjects) -> [WrongRequest] {
        lists(subjects) + changes(subjects) + wallets(subjects) + keys + bodies(subjects) + addresses
            + objects(subjects)
    }

    private static func lists(_ subjects: Subjects) -> [WrongRequest] {
        let paths = [
            "/v1/payment-links", "/v1/wallets", "/v1/api-keys", "/v1/wallets/\(subjects.wallet)/transactions",
            "/v1/wallets/\(subjects.wallet)/holds", "/v1/events",
        ]
        let limits = ["0", "101", "-1", "x", "", "1.5", "99999999999999999999"]
        return limits.map { invalid("GET", "/v1/payment-links?limit=\($0)", nil, ["limit OUT_OF_RANGE"]) }
            + paths.map { invalid("GET", $0 + "?limit=0&cursor=x", nil, ["limit OUT_OF_RANGE", "cursor INVALID_CURSOR"]) }
            + [
                invalid("GET", "/v1/payment-links?cursor=c1zzzz", nil, ["cursor INVALID_CURSOR"]),
                invalid("GET", "/v1/payment-links?cursor=\(subjects.linkId)", nil, ["cursor INVALID_CURSOR"]),
                invalid("GET", "/v1/payment-links?status=OPEN", nil, ["status INVALID_VALUE"]),
                invalid("GET", "/v1/payment-links?status=active", nil, ["status INVALID_VALUE"]),
                invalid("GET", "/v1/payment-links?walletId=x", nil, ["walletId INVALID_ID"]),
                invalid("GET", "/v1/wallets/\(subjects.wallet)/holds?status=OPEN", nil, ["status INVALID_VALUE"]),
                invalid(
                    "GET", "/v1/payment-links?limit=0&cursor=x&status=OPEN&walletId=x", nil,
                    ["limit OUT_OF_RANGE", "cursor INVALID_CURSOR", "status INVALID_VALUE", "walletId INVALID_ID"]),
            ]
    }

    private static func changes(_ subjects: Subjects) -> [WrongRequest] {
        let (link, wallet) = ("/v1/payment-links/\(subjects.linkId)", "/v1/wallets/\(subjects.wallet)")
        return [
            invalid("PATCH", link, #"{"status":"ACTIVE"}"#, ["status INVALID_VALUE"]),
            invalid("PATCH", link, #"{"status":"EXPIRED"}"#, ["status INVALID_VALUE"]),
            invalid("PATCH", link, #"{"status":"cancelled"}"#, ["status INVALID_VALUE"]),
            invalid("PATCH", link, #"{"status":1}"#, ["status NOT_A_STRING"]),
            invalid("PATCH", wallet, #"{"name":null,"allowPublicClaims":1}"#,
                ["name REQUIRED", "allowPublicClaims NOT_A_BOOLEAN"]),
            invalid("PATCH", wallet, #"{"name":" ","metadata":[]}"#, ["name EMPTY", "metadata NOT_AN_OBJECT"]),
        ]
    }

    private static func wallets(_ subjects: Subjects) -> [WrongRequest] {
        let fund = "/v1/wallets/\(subjects.wallet)/fund"
        return [
            invalid("/v1/wallets", "{}", ["name REQUIRED"]),
            invalid("/v1/wallets", #"{"name":"  "}"#, ["name EMPTY"]),
            invalid("/v1/wallets", #"{"name":\#(letters(257))}"#, ["name TOO_LONG"]),
            invalid("/v1/wallets", #"{"name":"A","currency":"EUR","allowPublicClaims":"yes","metadata":[]}"#,
                ["currency INVALID_VALUE", "allowPublicClaims NOT_A_BOOLEAN", "metadata NOT_AN_OBJECT"]),
            invalid(fund, #"{"amount":10}"#, ["amount NOT_A_STRING"]),
            invalid(fund, "{}", ["amount REQUIRED"]),
            invalid(fund, #"{"amount":"0"}"#, ["amount NOT_POSITIVE"]),
            invalid(fund, #"{"amount":"-5"}"#, ["amount SIGN_NOT_ALLOWED"]),
            invalid(fund, #"{"amount":"1.001"}"#, ["amount TOO_MANY_DECIMALS"]),
            invalid(fund, #"{"amount":"10000.01"}"#, ["amount TOO_LARGE"]),
            invalid("/v1/sandbox/fund", "{}", ["amount REQUIRED", "walletId REQUIRED"]),
            invalid("/v1/sandbox/fund", #"{"walletId":"\#(subjects.wallet)","amount":-1}"#, ["amount SIGN_NOT_ALLOWED"]),
            invalid("/v1/sandbox/fund", #"{"walletId":"\#(subjects.wallet)","amount":10000.5}"#, ["amount TOO_LARGE"]),
            invalid("/v1/sandbox/fund", #"{"walletId":"wal_1","amount":1}"#, ["walletId INVALID_ID"]),
        ]
    }

    private static var keys: [WrongRequest] {
        [
            invalid("/v1/api-keys", "{}", ["name REQUIRED", "permissions REQUIRED"]),
            invalid(
                "/v1/api-keys",
                #"""
                {"name":"A","permissions":["payments:read","everything"],"environment":"TEST","walletScope":["wal_1"],\#
                "allowedIps":["127.0.0.1","127.0.0.1/33"],"expiresAt":"2020-01-01T00:00:00Z"}
                """#,
                [
                    "permissions[1] INVALID_VALUE", "environment INVALID_VALUE", "walletScope[0] INVALID_ID",
                    "allowedIps[1] INVALID_ADDRESS", "expiresAt NOT_IN_FUTURE",
                ]),
        ]
    }

    // MARK: - Bodies

    private static func bodies(_ subjects: Subjects) -> [WrongRequest] {
        let posts = ["/v1/payment-links", subjects.claimPath, "/v1/wallets", "/v1/wallets/\(subjects.wallet)/fund"]
        return posts.flatMap { unreadable("POST", $0) + [refused("POST", $0, [], 400, "INVALID_JSON")] }
            + unreadable("PATCH", "/v1/payment-links/\(subjects.linkId)")
            + unreadable("PATCH", "/v1/wallets/\(subjects.wallet)")
    }

    /// What no route takes for an object.
    private static func unreadable(_ method: String, _ path: String) -> [WrongRequest] {
        let texts = ["{", "amount=1", #"{"amount":"1" "walletId":"2"}"#, #"{"amount":1e999}"#, "nil", "\u{FEFF}x"]
        let others = ["[]", #""text""#, "null", "7", "true"]
        let json = Array(#"{"a":"b"}"#.utf8)
        return texts.map { refused(method, path, Array($0.utf8), 400, "INVALID_JSON") }
            + others.map { invalid(method, path, $0, ["body NOT_AN_OBJECT"]) }
            + ["text/plain", "application/x-www-form-urlencoded", "application/json-seq", ""].map {
                refused(method, path, json, 415, "UNSUPPORTED_MEDIA_TYPE", headers: ["content-type": $0])
            }
            + [
                refused(method, path, [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D], 400, "INVALID_JSON"),
                refused(method, path, Array(String(repeating: "[", count: 60_000).utf8), 400, "INVALID_JSON"),
                refused(method, path, blankObject(bytes: 65_537), 413, "PAYLOAD_TOO_LARGE"),
            ]
    }

    /// An object of spaces, well-formed and exactly this long.
    static func blankObject(bytes count: Int, _ members: String = "") -> [UInt8] {
        let space = String(repeating: " ", count: count - 2 - members.utf8.count)
        return Array("{\(members)\(space)}".utf8)
    }

    static func refused(
        _ method: String, _ path: String, _ body: [UInt8]? = nil, _ status: Int, _ code: String,
        headers: [String: String] = [:]
    ) -> WrongRequest {
        WrongRequest(method: method, path: path, body: body, headers: headers, status: status, code: code)
    }

    // MARK: - Addresses and objects

    private static var addresses: [WrongRequest] {
        let nowhere = ["/", "/v1", "/v1/nothing", "/v2/payment-links", "/v1/payment-links/a/b/c"]
        let methods = [
            ("DELETE", "/v1/payment-links"), ("PUT", "/v1/payment-links"), ("PUT", "/v1/payment-links/lnk_1"),
            ("DELETE", "/v1/payment-links/lnk_1"), ("POST", "/v1/payment-links/lnk_1"),
            ("GET", "/v1/payment-links/claim/slug/claim"), ("DELETE", "/v1/wallets"), ("GET", "/v1/sandbox/fund"),
        ]
        return nowhere.map { refused("GET", $0, 404, "NOT_FOUND") }
            + methods.map { refused($0.0, $0.1, 405, "METHOD_NOT_ALLOWED") }
    }

    /// What is not there, or is another organization's, which is the same to a caller.
    private static func objects(_ subjects: Subjects) -> [WrongRequest] {
        let link = LinkID.mint(at: .now())
        let absent = [
            ("/v1/payment-links/", ["\(link)", "lnk_1", "nonsense", subjects.foreignLinkId], "PAYMENT_LINK_NOT_FOUND"),
            ("/v1/payment-links/claim/", ["nonsense", String(repeating: "0", count: 20)], "PAYMENT_LINK_NOT_FOUND"),
            ("/v1/wallets/", ["\(WalletID.mint(at: .now()))", "wal_1", "\(subjects.foreignWallet)"], "WALLET_NOT_FOUND"),
            ("/v1/transactions/", ["\(TransactionID.mint(at: .now()))", "txn_1"], "TRANSACTION_NOT_FOUND"),
            ("/v1/api-keys/", ["\(KeyID.mint(at: .now()))", "key_1"], "NOT_FOUND"),
            ("/v1/payment-links/claim/\(subjects.slug)/claims/", ["\(ClaimID.mint(at: .now()))", "clm_1"], "CLAIM_NOT_FOUND"),
        ]
        let creations = [subjects.foreignWallet, WalletID.mint(at: .now())].map { wallet in
            refused(
                "POST", "/v1/payment-links", Array(#"{"walletId":"\#(wallet)","amount":"1.00"}"#.utf8), 404,
                "WALLET_NOT_FOUND")
        }
        return absent.flatMap { path, ids, code in ids.map { refused("GET", path + $0, 404, code) } }
            + [link.description, subjects.foreignLinkId].map {
                refused("PATCH", "/v1/payment-links/\($0)", 404, "PAYMENT_LINK_NOT_FOUND")
            }
            + creations
    }
}
