import PaymentLinks
import Webhooks

/// Where one connection goes: an address that was checked, under the name that the request and TLS go by.
struct CheckedTarget: Hashable, Sendable {
    let isSecure: Bool
    let host: WebhookURL.Host
    let port: Int
    let address: IPAddress
    /// Whether there is another address to go on to, so that this one is not waited for until the attempt is over.
    let hasNext: Bool

    init(_ url: WebhookURL, at address: IPAddress, hasNext: Bool) {
        isSecure = url.isSecure
        host = url.host
        port = url.port
        self.address = address
        self.hasNext = hasNext
    }

    /// Each of the addresses in turn.
    static func all(_ url: WebhookURL, at addresses: some Collection<IPAddress>) -> [CheckedTarget] {
        addresses.enumerated().map { CheckedTarget(url, at: $1, hasNext: $0 + 1 < addresses.count) }
    }

    /// What the client looks up instead of asking a name server; an address in the URL needs no look-up.
    var nameTable: [String: String] {
        if case .name(let name) = host { [name: address.description] } else { [:] }
    }
}
