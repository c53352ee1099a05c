import Foundation
import TestSupport

/// A delivery as a verifier is to see it.
struct VerifierCase: Encodable {
    var name: String
    var secret: String
    var headers: [String: String]
    var body: Data
    var laterBySeconds = 0
    var signatureHeader = "wallgent-signature"

    init(_ name: String, _ request: WebhookReceiver.Received, secret: String) {
        self.name = name
        self.secret = secret
        headers = request.headers
        body = Data(request.body)
    }

    /// The delivery as somebody else might hand it on.
    func changed(_ name: String, _ change: (inout VerifierCase) -> Void) -> VerifierCase {
        var copy = self
        copy.name = name
        change(&copy)
        return copy
    }

    /// Signatures of the right form and length, with another content.
    mutating func reverseSignatures() {
        let standard = headers["webhook-signature"]?.dropFirst(3).dropLast() ?? ""
        let ofBody = headers["wallgent-signature"]?.dropFirst(7) ?? ""
        headers["webhook-signature"] = "v1," + String(standard.reversed()) + "="
        headers["wallgent-signature"] = "sha256=" + String(ofBody.reversed())
    }
}
