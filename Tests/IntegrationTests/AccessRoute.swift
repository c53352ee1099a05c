import PaymentLinks
import Storage
import Testing
import TestSupport

/// What the routes of the matrix are asked about: one of each, the organization's own, in the sandbox.
struct AccessSubjects {
    let wallet: WalletID
    let link: TestSystem.Link
    let transactionId: String
    let keyId: String
    let webhookId: String

    init(_ system: TestSystem) async throws {
        wallet = try await system.makeWallet(funds: 100)
        link = try await system.makeLink(to: wallet)
        let funding = try await system.api.post("/v1/wallets/\(wallet)/fund", #"{"amount":"1.00"}"#)
        transactionId = try #require(funding.json["transactionId"].string)
        let key = try await system.api.post("/v1/api-keys", #"{"name":"Subject","permissions":[]}"#)
        keyId = try #require(key.json["id"].string)
        webhookId = try await system.makeWebhook("http://127.0.0.1:9/hook").id
    }
}

/// One route, and what it takes to be let through.
struct AccessRoute: Sendable {
    let method: String
    let path: String
    let body: String?
    let permission: Permission
    /// The code when its object is another organization's; `nil` for a route without one.
    var objectCode: String?
    /// Whether it is about a wallet, so that a key's scope counts.
    var isOfWallet = false
    /// The code for a key of another environment.
    var mismatch = "ENVIRONMENT_MISMATCH"

    func send(_ key: String?, _ system: TestSystem, headers: [String: String] = [:]) async throws -> API.Answer {
        try await system.api.with(key: key).send(method, path, body: body.map { Array($0.utf8) }, headers: headers)
    }

    func check(_ stranger: Strangers.Stranger, _ system: TestSystem) async throws {
        let answer = try await send(stranger.key, system, headers: stranger.headers)
        let subject = "\(stranger.name) \(method) \(path)"
        #expect(answer.status == stranger.status, "\(subject): \(answer.text)")
        #expect(answer.errorCode == stranger.code, "\(subject): \(answer.text)")
        #expect((answer.header("www-authenticate") != nil) == (stranger.status == 401), "\(subject)")
        WrongRequest.checkEnvelope(answer, of: subject)
    }

    /// Everything but its permission does not let a key through; its permission alone does.
    func checkPermission(_ system: TestSystem) async throws {
        for lacking in [Set(Permission.allCases).subtracting([permission]), []] {
            let answer = try await send(try await Self.key(lacking, system), system)
            #expect(answer.status == 403, "\(method) \(path): \(answer.text)")
            #expect(answer.errorCode == "PERMISSION_DENIED")
            #expect(answer.json["error"]["message"].string == "Missing required permission: \(permission.rawValue)")
        }
        let answer = try await send(try await Self.key([permission], system), system)
        #expect((200...299).contains(answer.status), "\(method) \(path): \(answer.text)")
    }

    /// Keys that may do it, but not with this object.
    func checkReach(_ strangers: Strangers, _ system: TestSystem) async throws {
        var answers = [
            (try await send(strangers.ofOtherOrganization, system), 404, objectCode),
            (try await send(strangers.ofOtherEnvironment, system), 403, mismatch),
        ]
        if isOfWallet { answers.append((try await send(strangers.ofOtherWallet, system), 403, "WALLET_OUT_OF_SCOPE")) }
        for (answer, status, code) in answers {
            #expect(answer.status == status, "\(method) \(path): \(answer.text)")
            #expect(answer.errorCode == code, "\(method) \(path): \(answer.text)")
        }
    }

    private static func key(_ permissions: Set<Permission>, _ system: TestSystem) async throws -> String {
        try await TestSystem.makeKey(
            .sandbox, of: system.organization, in: system.pool, grant: KeyGrant(permissions: permissions))
    }
}

extension AccessRoute {
    /// The matrix; what takes an object away comes after what reads it.
    static func all(_ subjects: AccessSubjects) -> [AccessRoute] {
        links(subjects) + wallets(subjects) + keys(subjects) + webhooks(subjects)
    }

    private static func links(_ subjects: AccessSubjects) -> [AccessRoute] {
        let one = "/v1/payment-links/\(subjects.link.id)"
        let creation = #"{"walletId":"\#(subjects.wallet)","amount":"1.00"}"#
        return [
            AccessRoute(
                method: "POST", path: "/v1/payment-links", body: creation, permission: .paymentsWrite,
                objectCode: "WALLET_NOT_FOUND", isOfWallet: true),
            AccessRoute(method: "GET", path: "/v1/payment-links", body: nil, permission: .paymentsRead),
            ofObject("GET", one, .paymentsRead, "PAYMENT_LINK_NOT_FOUND", isOfWallet: true),
            ofObject("PATCH", one, .paymentsWrite, "PAYMENT_LINK_NOT_FOUND", isOfWallet: true),
        ]
    }

    private static func wallets(_ subjects: AccessSubjects) -> [AccessRoute] {
        let one = "/v1/wallets/\(subjects.wallet)"
        let reads = ["", "/balance", "/transactions", "/holds"]
        let fundings = [
            (one + "/fund", #"{"amount":"1.00"}"#),
            ("/v1/sandbox/fund", #"{"walletId":"\#(subjects.wallet)","amount":1}"#),
        ]
        return [
            AccessRoute(method: "POST", path: "/v1/wallets", body: #"{"name":"A"}"#, permission: .walletsWrite),
            AccessRoute(method: "GET", path: "/v1/wallets", body: nil, permission: .walletsRead),
            ofObject("PATCH", one, .walletsWrite, "WALLET_NOT_FOUND", isOfWallet: true),
            ofObject(
                "GET", "/v1/transactions/\(subjects.transactionId)", .walletsRead, "TRANSACTION_NOT_FOUND",
                isOfWallet: true),
        ]
            + reads.map { ofObject("GET", one + $0, .walletsRead, "WALLET_NOT_FOUND", isOfWallet: true) }
            + fundings.map {
                AccessRoute(
                    method: "POST", path: $0.0, body: $0.1, permission: .walletsWrite, objectCode: "WALLET_NOT_FOUND",
                    isOfWallet: true, mismatch: "SANDBOX_ONLY")
            }
            + ["/freeze", "/unfreeze"].map {
                ofObject("POST", one + $0, .walletsWrite, "WALLET_NOT_FOUND", isOfWallet: true)
            }
    }

    private static func keys(_ subjects: AccessSubjects) -> [AccessRoute] {
        let one = "/v1/api-keys/\(subjects.keyId)"
        return [
            AccessRoute(
                method: "POST", path: "/v1/api-keys", body: #"{"name":"A","permissions":[]}"#, permission: .keysWrite),
            AccessRoute(method: "GET", path: "/v1/api-keys", body: nil, permission: .keysRead),
            ofObject("GET", one, .keysRead, "NOT_FOUND"),
            ofObject("PATCH", one, .keysWrite, "NOT_FOUND"),
            // Revoked keys stay, so that the refusals after this one are still about reach.
            ofObject("DELETE", one, .keysWrite, "NOT_FOUND"),
        ]
    }

    private static func webhooks(_ subjects: AccessSubjects) -> [AccessRoute] {
        let one = "/v1/webhooks/\(subjects.webhookId)"
        let code = "WEBHOOK_NOT_FOUND"
        return [
            AccessRoute(
                method: "POST", path: "/v1/webhooks", body: #"{"url":"http://127.0.0.1:9/other"}"#,
                permission: .webhooksWrite),
            AccessRoute(method: "GET", path: "/v1/webhooks", body: nil, permission: .webhooksRead),
            AccessRoute(method: "GET", path: "/v1/webhooks/dlq", body: nil, permission: .webhooksRead),
            AccessRoute(method: "GET", path: "/v1/events", body: nil, permission: .webhooksRead),
            ofObject("GET", one, .webhooksRead, code), ofObject("GET", one + "/deliveries", .webhooksRead, code),
            ofObject("PATCH", one, .webhooksWrite, code),
            ofObject("POST", one + "/rotate-secret", .webhooksWrite, code),
            ofObject("POST", one + "/test", .webhooksWrite, code),
            AccessRoute(
                method: "POST", path: one + "/replay", body: #"{"since":"2020-01-01T00:00:00Z"}"#,
                permission: .webhooksWrite, objectCode: code),
        ]
    }

    private static func ofObject(
        _ method: String, _ path: String, _ permission: Permission, _ code: String, isOfWallet: Bool = false
    ) -> AccessRoute {
        AccessRoute(
            method: method, path: path, body: nil, permission: permission, objectCode: code, isOfWallet: isOfWallet)
    }
}
