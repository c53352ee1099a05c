import Crypto
package import PaymentLinks

/// Digests that say whether two requests are equal, and nothing else of them.
///
/// They are keyed, for an account number has so few digits that a plain hash of it could be tried out. (RFC 2104)
package struct RequestDigests: Sendable {
    /// What it begins with: the key alone, absorbed once for all digests.
    private let keyed: HMAC<SHA256>

    /// - Parameter digestKey: the 32 bytes that all gateways share.
    package init(digestKey: [UInt8]) {
        keyed = HMAC(key: SymmetricKey(data: digestKey))
    }

    /// The digest of a request's canonical form.
    package func digest(of bytes: [UInt8]) throws -> PaymentLinks.Digest {
        try digest(purpose: "request", bytes)
    }

    /// The digest under which a caller's idempotency key is kept.
    package func key(scope: String, route: String, key: String) throws -> PaymentLinks.Digest {
        try digest(purpose: "idempotency", Array("\(scope)\u{0}\(route)\u{0}\(key)".utf8))
    }

    /// What a payer's e-mail address is kept as: equal addresses have equal digests.
    package func digest(of email: EmailAddress) throws -> PaymentLinks.Digest {
        try digest(purpose: "email", Array(email.folded.utf8))
    }

    /// What an API key is known by; the key itself is kept nowhere. (SHA-256: the key is random, and long enough)
    package static func secretDigest(_ apiKey: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(apiKey.utf8)))
    }

    private func digest(purpose: String, _ bytes: [UInt8]) throws -> PaymentLinks.Digest {
        var code = keyed
        code.update(data: Array(purpose.utf8) + [0] + bytes)
        guard let digest = Digest(bytes: Array(code.finalize())) else { throw SealingError.malformed }
        return digest
    }
}
