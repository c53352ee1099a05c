import PaymentLinks
import Testing
import TestSupport

/// A request that must be refused, and how: a row of the tables beside this file.
struct WrongRequest: Sendable, CustomStringConvertible {
    let method: String
    let path: String
    var body: [UInt8]?
    var headers: [String: String] = [:]
    let status: Int
    let code: String
    /// Every field that the answer must name, with its code, and no other: `amount NOT_A_STRING`.
    var fields: [String] = []

    var description: String {
        let text = body.map { " " + String(decoding: $0.prefix(300), as: UTF8.self) } ?? ""
        return "\(method) \(path)\(text) \(headers.isEmpty ? "" : "\(headers)")"
    }

    /// Sends the request, and holds the answer to everything that a refusal promises.
    func check(_ api: API) async throws {
        let answer = try await api.send(method, path, body: body, headers: headers)
        let error = answer.json["error"]
        #expect(answer.status == status, "\(self): \(answer.text)")
        #expect(error["code"].string == code, "\(self): \(answer.text)")
        #expect(Self.fields(of: answer) == fields.sorted(), "\(self): \(answer.text)")
        #expect(!answer.text.contains(Self.accountNumber), "\(self): \(answer.text)")
        #expect((answer.header("allow")?.isEmpty == false) == (status == 405), "\(self): \(answer.headers)")
        Self.checkEnvelope(answer, of: description)
    }

    /// The one shape that all refusals have.
    static func checkEnvelope(_ answer: API.Answer, of request: String) {
        let error = answer.json["error"]
        #expect(answer.json.names == ["error"], "\(request): \(answer.text)")
        #expect(error.names.isSubset(of: ["code", "message", "details"]), "\(request): \(answer.text)")
        #expect(error["message"].string?.isEmpty == false, "\(request): \(answer.text)")
        for field in error["details"]["fields"].elements {
            #expect(field["message"].string?.isEmpty == false, "\(request): \(answer.text)")
        }
        #expect(answer.header("content-type") == "application/json", "\(request)")
        #expect(answer.header("request-id")?.isEmpty == false, "\(request)")
    }

    private static func fields(of answer: API.Answer) -> [String] {
        answer.json["error"]["details"]["fields"].elements
            .map { "\($0["field"].string ?? "?") \($0["code"].string ?? "?")" }.sorted()
    }
}

extension WrongRequest {
    /// What the tables' requests are about; all of it exists, and none of it must change.
    struct Subjects: Sendable {
        let wallet: WalletID
        let linkId: String
        let slug: String
        /// Another organization's.
        let foreignWallet: WalletID
        let foreignLinkId: String

        var claimPath: String { "/v1/payment-links/claim/\(slug)/claim" }
    }

    /// A number that no answer, log line, row or message may hold.
    static let accountNumber = "73555019284406"

    /// A body that is wrong in these fields: `INVALID_AMOUNT` when that is the amount alone.
    static func invalid(
        _ method: String, _ path: String, _ body: String?, _ fields: [String], headers: [String: String] = [:]
    ) -> WrongRequest {
        let isOfAmountAlone = fields.allSatisfy { $0.hasPrefix("amount ") }
        return WrongRequest(
            method: method, path: path, body: body.map { Array($0.utf8) }, headers: headers, status: 400,
            code: isOfAmountAlone ? "INVALID_AMOUNT" : "VALIDATION_ERROR", fields: fields)
    }

    /// The same of a POST.
    static func invalid(_ path: String, _ body: String, _ fields: [String]) -> WrongRequest {
        invalid("POST", path, body, fields)
    }

    /// An object's text: members' values are JSON text, and nil takes a member away.
    static func object(_ members: [String: String], _ changes: [String: String?] = [:]) -> String {
        let merged = members.mapValues(Optional.some).merging(changes) { $1 }.compactMapValues { $0 }
        return "{" + merged.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\($0.value)" }.joined(separator: ",")
            + "}"
    }

    static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

    static func quoted(_ text: String) -> String { "\"\(text)\"" }

    static func letters(_ count: Int) -> String { quoted(String(repeating: "a", count: count)) }
}
