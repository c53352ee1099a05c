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
            + paths.map {
                invalid("GET", $0 + "?limit=0&cursor=x", nil, ["limit OUT_OF_RANGE", "cursor INVALID_CURSOR"])
            }
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
            invalid("PATCH", link, #"{"descriptoin":"New"}"#, ["descriptoin UNKNOWN_FIELD"]),
            invalid("PATCH", link, #"{"expiresAt":"2020-01-01T00:00:00Z"}"#, ["expiresAt NOT_IN_FUTURE"]),
            invalid(
                "PATCH", link, #"{"description":1,"metadata":[]}"#,
                ["description NOT_A_STRING", "metadata NOT_AN_OBJECT"]),
            invalid("PATCH", link, #"{"status":"CANCELLED","description":"New"}"#, ["status NOT_COMBINABLE"]),
            invalid(
                "PATCH", wallet, #"{"name":null,"allowPublicClaims":1}"#,
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
            invalid(
                "/v1/wallets", #"{"name":"A","currency":"EUR","allowPublicClaims":"yes","metadata":[]}"#,
                ["currency INVALID_VALUE", "allowPublicClaims NOT_A_BOOLEAN", "metadata NOT_AN_OBJECT"]),
            invalid(fund, #"{"amount":10}"#, ["amount NOT_A_STRING"]),
            invalid(fund, "{}", ["amount REQUIRED"]),
            invalid(fund, #"{"amount":"0"}"#, ["amount NOT_POSITIVE"]),
            invalid(fund, #"{"amount":"-5"}"#, ["amount SIGN_NOT_ALLOWED"]),
            invalid(fund, #"{"amount":"1.001"}"#, ["amount TOO_MANY_DECIMALS"]),
            invalid(fund, #"{"amount":"10000.01"}"#, ["amount TOO_LARGE"]),
            invalid("/v1/sandbox/fund", "{}", ["amount REQUIRED", "walletId REQUIRED"]),
            invalid(
                "/v1/sandbox/fund", #"{"walletId":"\#(subjects.wallet)","amount":-1}"#, ["amount SIGN_NOT_ALLOWED"]),
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
        return posts.flatMap { unreadable("POST", $0) + [refused("POST", $0, 400, "INVALID_JSON", body: [])] }
            + unreadable("PATCH", "/v1/payment-links/\(subjects.linkId)")
            + unreadable("PATCH", "/v1/wallets/\(subjects.wallet)")
    }

    /// What no route takes for an object.
    private static func unreadable(_ method: String, _ path: String) -> [WrongRequest] {
        let texts = ["{", "amount=1", #"{"amount":"1" "walletId":"2"}"#, "nil", "\u{FEFF}x"]
        let malformed: [[UInt8]] =
            texts.map { Array($0.utf8) } + [
                [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D], Array(String(repeating: "[", count: 60_000).utf8),
            ]
        let types = ["text/plain", "application/x-www-form-urlencoded", "application/json-seq", ""]
        let others = ["[]", #""text""#, "null", "7", "true"]
        let large = refused(method, path, 413, "PAYLOAD_TOO_LARGE", body: blankObject(bytes: 65_537))
        return [large] + malformed.map { refused(method, path, 400, "INVALID_JSON", body: $0) }
            + others.map { invalid(method, path, $0, ["body NOT_AN_OBJECT"]) }
            + types.map { type in
                refused(
                    method, path, 415, "UNSUPPORTED_MEDIA_TYPE", body: Array(#"{"a":"b"}"#.utf8),
                    headers: ["content-type": type])
            }
    }

    /// An object of spaces, well-formed and exactly this long.
    static func blankObject(bytes count: Int, _ members: String = "") -> [UInt8] {
        let space = String(repeating: " ", count: count - 2 - members.utf8.count)
        return Array("{\(members)\(space)}".utf8)
    }

    static func refused(
        _ method: String, _ path: String, _ status: Int, _ code: String, body: [UInt8]? = nil,
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
            ("TRACE", "/v1/wallets"), ("QUERY", "/v1/wallets/wal_1"), ("TRACE", "/docs"), ("POST", "/openapi.json"),
        ]
        return nowhere.map { refused("GET", $0, 404, "NOT_FOUND") }
            + methods.map { refused($0.0, $0.1, 405, "METHOD_NOT_ALLOWED") }
    }

    /// What is not there, or is another organization's, which is the same to a caller.
    private static func objects(_ subjects: Subjects) -> [WrongRequest] {
        let link = LinkID.mint(at: .now()).description
        let wallet = WalletID.mint(at: .now()).description
        let foreign = subjects.foreignWallet.description
        let claims = "/v1/payment-links/claim/\(subjects.slug)/claims/"
        let slug = String(repeating: "0", count: 20)
        return absent(
            "/v1/payment-links/", [link, "lnk_1", "nonsense", subjects.foreignLinkId], "PAYMENT_LINK_NOT_FOUND")
            + absent("/v1/payment-links/claim/", ["nonsense", slug], "PAYMENT_LINK_NOT_FOUND")
            + absent("/v1/wallets/", [wallet, "wal_1", foreign], "WALLET_NOT_FOUND")
            + absent(
                "/v1/transactions/", [TransactionID.mint(at: .now()).description, "txn_1"], "TRANSACTION_NOT_FOUND")
            + absent("/v1/api-keys/", [KeyID.mint(at: .now()).description, "key_1"], "NOT_FOUND")
            + absent(claims, [ClaimID.mint(at: .now()).description, "clm_1"], "CLAIM_NOT_FOUND")
            + [link, subjects.foreignLinkId].map {
                refused("PATCH", "/v1/payment-links/\($0)", 404, "PAYMENT_LINK_NOT_FOUND")
            }
            + [wallet, foreign].map {
                refused(
                    "POST", "/v1/payment-links", 404, "WALLET_NOT_FOUND",
                    body: Array(#"{"walletId":"\#($0)","amount":"1.00"}"#.utf8))
            }
    }

    private static func absent(_ path: String, _ ids: [String], _ code: String) -> [WrongRequest] {
        ids.map { refused("GET", path + $0, 404, code) }
    }
}
