import Crypto
import Foundation
package import PaymentLinks

/// The header fields that show a delivery to be ours, and unchanged.
///
/// Two forms are sent side by side: the API's own over the body alone, and that of Standard Webhooks over the id, the
/// time and the body. While a secret is being replaced, the previous one signs too.
package struct WebhookSignature: Sendable {
    /// The secrets that sign now, the current one first; there are never more than two.
    let secrets: [WebhookSecret]

    package init(current: WebhookSecret, previous: WebhookSecret? = nil) {
        secrets = [current] + (previous.map { [$0] } ?? [])
    }

    /// - Parameters:
    ///   - id: stays the same however often the event is sent, so that receivers can drop repetitions.
    ///   - time: the attempt's; receivers refuse what is older than some minutes.
    package func headers(id: String, time: Timestamp, body: [UInt8]) -> [(name: String, value: String)] {
        let seconds = String(time.milliseconds / 1000)
        let content = Array("\(id).\(seconds).".utf8) + body
        let standard = secrets.map { "v1," + Data(Self.code(content, key: $0.key)).base64EncodedString() }
        return [
            ("webhook-id", id), ("webhook-timestamp", seconds), ("webhook-signature", standard.joined(separator: " ")),
        ]
            + zip(["Wallgent-Signature", "Wallgent-Signature-Previous"], secrets).map { name, secret in
                (name, "sha256=" + Self.hex(Self.code(body, key: Array(secret.string.utf8))))
            }
    }

    /// HMAC-SHA-256. (RFC 2104)
    private static func code(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
