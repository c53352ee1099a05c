import PaymentLinks
import Storage
import Testing
import TestSupport

/// One route of the matrix: how it is called, and what each caller who may not is told.
struct AccessRoute: Sendable {
    /// What a caller is told: a status and, of a refusal, the code.
    struct Word: Sendable, Hashable {
        let status: Int
        let code: String?

        static let allowed = Word(status: 200, code: nil)
        static func refused(_ status: Int, _ code: String) -> Word { Word(status: status, code: code) }
    }

    /// Who may call a route.
    enum Access: Sendable {
        case permission(Permission)
        /// Every caller with a valid key.
        case anyKey
        /// Everybody; a key is read if it is sent, and must count.
        case publicWithKey
        /// Everybody; keys are not looked at.
        case publicWithoutKey
    }

    /// As the gateway registers it: `GET /v1/wallets/:id`.
    let name: String
    let path: String
    let access: Access
    let body: String?
    var contentType = "application/json"
    /// What a key is told that may do everything, but is another organization's.
    var otherOrganization = Word.allowed
    /// What a key is told that has the one permission alone.
    var alone = Word.allowed
    /// The same of the organization's own key for production.
    var otherEnvironment = Word.allowed
    /// The same of one that is held to another wallet.
    var otherWallet = Word.allowed

    var method: String { String(name.prefix { $0 != " " }) }

    func send(_ key: String?, _ system: TestSystem, headers: [String: String] = [:]) async throws -> API.Answer {
        var headers = headers
        if body != nil { headers["content-type"] = contentType }
        return try await system.api.with(key: key)
            .send(method, path, body: body.map { Array($0.utf8) }, headers: headers)
    }
}

/// Who asks, in the columns of the matrix.
enum AccessColumn: String, CaseIterable, Sendable {
    case noKey = "no key"
    case wrongPermission = "every permission but the one"
    case noPermission = "no permission"
    case otherOrganization = "another organization's key"
    case otherEnvironment = "a key for production"
    case otherWallet = "a key for another wallet"
    case expired = "an expired key"
    case revoked = "a revoked key"
    case wrongAddress = "a key for other addresses"
    case rightPermission = "the one permission alone"
}

extension AccessRoute {
    /// The word that this caller must be told.
    func word(for column: AccessColumn) -> Word {
        switch (access, column) {
        case (.publicWithoutKey, _): .allowed
        case (_, .expired): .refused(401, "UNAUTHORIZED")
        case (_, .revoked): .refused(401, "API_KEY_REVOKED")
        case (_, .wrongAddress): .refused(403, "IP_NOT_ALLOWED")
        case (.anyKey, .noKey): .refused(401, "UNAUTHORIZED")
        case (.publicWithKey, _), (.anyKey, _): .allowed
        case (.permission, .noKey): .refused(401, "UNAUTHORIZED")
        case (.permission, .wrongPermission), (.permission, .noPermission): .refused(403, "PERMISSION_DENIED")
        case (.permission, .otherOrganization): otherOrganization
        case (.permission, .otherEnvironment): otherEnvironment
        case (.permission, .otherWallet): otherWallet
        case (.permission, .rightPermission): alone
        }
    }

    func check(_ column: AccessColumn, key: String?, _ system: TestSystem, _ subjects: AccessSubjects) async throws {
        let answer = try await send(key, system)
        let cell = "\(name), \(column.rawValue)"
        let word = word(for: column)
        if word == .allowed {
            #expect((200...299).contains(answer.status), "\(cell): \(answer.text)")
            // What was sent may be told back.
            for secret in subjects.secrets(from: column) where body?.contains(secret) != true {
                #expect(!answer.text.contains(secret), "\(cell) tells of \(secret)")
            }
        } else {
            #expect(answer.status == word.status, "\(cell): \(answer.text)")
            #expect(answer.errorCode == word.code, "\(cell): \(answer.text)")
            WrongRequest.checkEnvelope(answer, of: cell)
        }
        #expect((answer.header("www-authenticate") != nil) == (answer.status == 401), "\(cell)")
        if case .permission = access, column != .rightPermission {
            for secret in subjects.secrets { #expect(!answer.text.contains(secret), "\(cell) tells of \(secret)") }
        }
    }
}
