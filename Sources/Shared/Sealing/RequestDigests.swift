import Crypto
package import PaymentLinks

/// Digests that say whether two requests are equal, and nothing else of them.
///
/// They are keyed, for an account number has so few digits that a plain hash of it could be tried out. (RFC 2104)
package struct RequestDigests: Sendable {
    private let key: SymmetricKey

    /// - Parameter digestKey: the 32 bytes that all gateways share.
    package init(digestKey: [UInt8]) {
        key = SymmetricKey(data: digestKey)
    }

    /// The digest of a request's canonical form.
    package func digest(of bytes: [UInt8]) throws -> PaymentLinks.Digest {
        try digest(purpose: "request", bytes)
    }

    /// The digest under which a caller's idempotency key is kept.
    package func key(scope: String, route: String, key: String) throws -> PaymentLinks.Digest {
        try digest(purpose: "idempotency", Array("\(scope)\u{0}\(route)\u{0}\(key)".utf8))
    }

    /// What an API key is known by; the key itself is kept nowhere. (SHA-256: the key is random, and long enough)
    package static func secretDigest(_ apiKey: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(apiKey.utf8)))
    }

    private func digest(purpose: String, _ bytes: [UInt8]) throws -> PaymentLinks.Digest {
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(purpose)\u{0}".utf8) + bytes, using: key)
        guard let digest = Digest(bytes: Array(code)) else { throw SealingError.malformed }
        return digest
    }
}
