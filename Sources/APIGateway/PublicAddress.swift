package import PaymentLinks
import Synchronization

/// What the links that payers get start with.
package final class PublicAddress: Sendable {
    private let base: Mutex<String>
    private let isConfigured: Bool
    private let host: String

    /// - Parameters:
    ///   - configured: `PAYLINKS_PUBLIC_URL`; without it the address that the gateway itself listens at.
    package init(configured: String?, host: String, port: Int) {
        self.host = host
        isConfigured = configured != nil
        let base = configured ?? Self.url(host, port)
        self.base = Mutex(base.hasSuffix("/") ? String(base.dropLast()) : base)
    }

    /// Learns the port, where the system was left to choose it.
    package func bound(to port: Int) {
        if !isConfigured { base.withLock { $0 = Self.url(host, port) } }
    }

    package func url(of slug: Slug) -> String {
        base.withLock { $0 } + ResourcePath.details(slug)
    }

    private static func url(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}

/// The paths that answers point to.
package enum ResourcePath {
    package static func link(_ id: LinkID) -> String { "/v1/payment-links/\(id)" }
    package static func details(_ slug: Slug) -> String { "/v1/payment-links/claim/\(slug)" }
    package static func claim(_ id: ClaimID, on slug: Slug) -> String { "\(details(slug))/claims/\(id)" }
    package static func wallet(_ id: WalletID) -> String { "/v1/wallets/\(id)" }
    package static func webhook(_ id: WebhookID) -> String { "/v1/webhooks/\(id)" }
    package static func key(_ id: KeyID) -> String { "/v1/api-keys/\(id)" }
}
