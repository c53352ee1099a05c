package import PaymentLinks

/// The text of an API key, which its owner sees once.
package struct APISecret: Sendable {
    /// Enough for any key of ours and for those of years to come; longer texts are not even looked up.
    private static let longest = 128
    private static let prefixLength = 12
    /// 33 characters of 62 hold 196 random bits.
    private static let randomLength = 33
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    package let text: String

    /// Takes what may be a key of ours, going by its looks.
    package init?(_ text: String) {
        guard Environment.allCases.contains(where: { text.hasPrefix(Self.mark(of: $0)) }),
            text.utf8.count <= Self.longest
        else { return nil }
        self.text = text
    }

    /// Makes a new key. The generator must be cryptographically secure, as the system's is.
    package static func mint(_ environment: Environment, using generator: inout some RandomNumberGenerator) -> APISecret
    {
        let random = (0..<randomLength).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return APISecret(trusted: mark(of: environment) + String(random))
    }

    /// The characters that people tell keys apart by.
    package var prefix: String { String(text.prefix(Self.prefixLength)) }

    /// What the key is found by. (SHA-256)
    package var digest: [UInt8] { RequestDigests.secretDigest(text) }

    private init(trusted text: String) {
        self.text = text
    }

    private static func mark(of environment: Environment) -> String {
        switch environment {
        case .sandbox: "wg_test_"
        case .production: "wg_live_"
        }
    }
}

extension APISecret {
    /// The key in an `Authorization` field; `nil` when there is none, or it is not a Bearer token. (RFC 6750)
    package static func bearer(_ field: String) -> String? {
        let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].asciiLowercased == "bearer" else { return nil }
        return String(parts[1])
    }
}
