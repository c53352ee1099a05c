import Foundation
package import PaymentLinks

/// What an endpoint's owner verifies deliveries with: `whsec_` and the base64 of 32 random bytes.
package struct WebhookSecret: Hashable, Sendable {
    private static let prefix = "whsec_"
    private static let byteCount = 32

    /// The whole secret, as it is shown once.
    package let string: String
    /// The bytes behind the prefix.
    let key: [UInt8]

    /// `nil` for a text of any other form.
    package init?(_ string: String) {
        guard string.hasPrefix(Self.prefix),
            let data = Data(base64Encoded: String(string.dropFirst(Self.prefix.count))),
            !data.isEmpty
        else { return nil }
        self.string = string
        key = [UInt8](data)
    }

    package static func mint(using generator: inout some RandomNumberGenerator) -> WebhookSecret {
        WebhookSecret(key: (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Mints with the system's secure random numbers.
    package static func mint() -> WebhookSecret {
        var generator = SystemRandomNumberGenerator()
        return mint(using: &generator)
    }

    private init(key: [UInt8]) {
        self.key = key
        string = Self.prefix + Data(key).base64EncodedString()
    }
}

extension WebhookSecret: CustomStringConvertible, CustomReflectable {
    /// Never the secret: it must not reach a log by accident.
    package var description: String { Self.prefix + "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension WebhookSecret {
    /// What a sealed secret is bound to: moved to another endpoint's row it does not open.
    package static func sealingContext(_ id: WebhookID) -> String { "webhook:\(id)" }
}
