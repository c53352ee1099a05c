import Crypto
import Foundation
package import PaymentLinks

extension WebhookSignature {
    /// How far a delivery's time may be from the reader's, either way. (Standard Webhooks)
    package static let tolerance = Duration.seconds(300)

    /// Whether a delivery that has come is genuine and fresh, by one of the secrets.
    ///
    /// - Parameter header: a header's value by its name in lower case.
    package func verifies(_ body: [UInt8], header: (String) -> String?, now: Timestamp) -> Bool {
        guard let id = header("webhook-id"), let seconds = header("webhook-timestamp"),
            Self.isFresh(seconds, now: now)
        else { return false }
        let content = Array("\(id).\(seconds).".utf8) + body
        let given = (header("webhook-signature") ?? "").split(separator: " ").compactMap(Self.decoded)
        return secrets.contains { secret in
            let key = SymmetricKey(data: secret.key)
            return given.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: content, using: key) }
        }
    }

    private static func isFresh(_ seconds: String, now: Timestamp) -> Bool {
        guard let seconds = Int64(seconds) else { return false }
        let tolerance = tolerance.components.seconds
        let current = now.milliseconds / 1000
        return (current - tolerance...current + tolerance).contains(seconds)
    }

    /// The bytes of a signature of the version that we know.
    private static func decoded(_ signature: Substring) -> Data? {
        signature.hasPrefix("v1,") ? Data(base64Encoded: String(signature.dropFirst(3))) : nil
    }
}
