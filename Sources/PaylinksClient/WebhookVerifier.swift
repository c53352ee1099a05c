import Crypto
public import Foundation

/// Tells deliveries of ours from others.
///
/// Both forms are understood: `webhook-signature` (Standard Webhooks), which also tells an old delivery from a new one,
/// and `Wallgent-Signature`. Where both are sent, both must be right. Comparisons take the same time, whatever they
/// find.
public struct WebhookVerifier: Sendable {
    /// Why a delivery is not taken.
    public enum Failure: Error, Sendable, Hashable {
        /// The secret is empty: anyone can sign with it. Nothing is taken until the endpoint's own is given.
        case emptySecret
        case notSigned
        /// Too old, too far ahead, or not dated.
        case notCurrent
        /// Forged, changed, or signed with another secret.
        case wrongSignature
        /// Genuine, and none of the events that this client knows how to read.
        case unreadable
    }

    private let secret: String
    /// What the secret's text stands for; nil where it is no Base64.
    private let key: Data?
    private let tolerance: TimeInterval

    /// - Parameters:
    ///   - secret: The endpoint's secret as it was shown, `whsec_` included. With an empty one no delivery is taken.
    ///   - tolerance: The age that a delivery may have, in seconds: 0 or more, `.infinity` for any age.
    /// - Precondition: `tolerance` is not negative, and is a number.
    public init(secret: String, tolerance: TimeInterval = 300) {
        precondition(tolerance >= 0, "tolerance must be a number of seconds from 0")
        let encoded = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
        self.secret = secret
        key = encoded.allSatisfy(\.isWhitespace) ? Data() : Data(base64Encoded: encoded)
        self.tolerance = tolerance
    }

    /// The event in a delivery, once its signature is found right.
    ///
    /// - Parameters:
    ///   - body: The body as it came, byte for byte.
    ///   - headers: The request's headers; names in any case.
    public func event(
        from body: Data, headers: [String: String], now: Date = Date()
    ) throws(Failure) -> Event {
        if let key, key.isEmpty { throw .emptySecret }
        let headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { $1 }
        let (standard, plain) = (headers["webhook-signature"], headers["wallgent-signature"])
        guard standard != nil || plain != nil else { throw .notSigned }
        if let standard { try checkStandard(standard, body, headers, now) }
        if let plain {
            let signatures = [plain] + [headers["wallgent-signature-previous"]].compactMap { $0 }
            guard signatures.contains(where: { isPlain($0, body) }) else { throw .wrongSignature }
        }
        guard let event = try? JSON.decoder.decode(Event.self, from: body) else { throw .unreadable }
        return event
    }

    /// `v1,<base64>` over `id.timestamp.body`, several while a secret is being replaced.
    private func checkStandard(
        _ signatures: String, _ body: Data, _ headers: [String: String], _ now: Date
    ) throws(Failure) {
        guard let timestamp = headers["webhook-timestamp"], let seconds = Int64(timestamp),
            abs(now.timeIntervalSince1970 - Double(seconds)) <= tolerance
        else { throw .notCurrent }
        let content = Data("\(headers["webhook-id"] ?? "").\(timestamp).".utf8) + body
        guard let key = key.map({ SymmetricKey(data: $0) }) else { throw .wrongSignature }
        let isRight = signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3)))
            else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: content, using: key)
        }
        guard isRight else { throw .wrongSignature }
    }

    /// `sha256=<hex>` over the body; the key is the whole secret as shown.
    private func isPlain(_ signature: String, _ body: Data) -> Bool {
        guard signature.hasPrefix("sha256="), let code = Self.bytes(hex: signature.dropFirst(7)) else { return false }
        let key = SymmetricKey(data: Data(secret.utf8))
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
    }

    private static func bytes(hex: Substring) -> Data? {
        let digits = hex.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64 else { return nil }
        var bytes = Data()
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
