package import PaymentLinks

/// An API key as its holder sees it, once: `wg_test_…` for the sandbox, `wg_live_…` for production.
package struct APIKeySecret: Sendable {
    /// 36 of 62 characters: 214 random bits.
    private static let randomLength = 36
    private static let prefixLength = 12
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    /// The whole key; to be shown once and kept nowhere.
    package let text: String

    package static func mint(
        for environment: Environment, using generator: inout some RandomNumberGenerator
    ) -> APIKeySecret {
        let random = (0..<randomLength).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return APIKeySecret(text: (environment == .sandbox ? "wg_test_" : "wg_live_") + String(random))
    }

    /// What people tell keys apart by.
    package var prefix: String { String(text.prefix(Self.prefixLength)) }

    /// What the key is found by. (SHA-256)
    package var digest: [UInt8] { RequestDigests.secretDigest(text) }
}
