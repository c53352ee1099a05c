import PaymentLinks
import Webhooks

/// Where one connection goes: an address that was checked, under the name that the request and TLS go by.
struct CheckedTarget: Hashable, Sendable {
    let isSecure: Bool
    let host: WebhookURL.Host
    let port: Int
    let address: IPAddress

    init(_ url: WebhookURL, at address: IPAddress) {
        isSecure = url.isSecure
        host = url.host
        port = url.port
        self.address = address
    }

    /// What the client looks up instead of asking a name server; an address in the URL needs no look-up.
    var nameTable: [String: String] {
        if case .name(let name) = host { [name: address.description] } else { [:] }
    }
}
