package import PaymentLinks

/// Finds out who is behind the proxies.
package struct ClientAddress: Sendable {
    private let trustedProxies: [AddressRange]

    package init(trustedProxies: [AddressRange]) {
        self.trustedProxies = trustedProxies
    }

    /// The nearest address that is not a proxy of ours, going back from the connection's other end.
    ///
    /// Each proxy appends the address that it was called from, so only what trusted ones have appended is believed;
    /// what stands in front of an unreadable entry is not.
    ///
    /// - Parameter forwardedFor: the values of `X-Forwarded-For`, in order.
    package func find(peer: IPAddress?, forwardedFor: @autoclosure () -> [String]) -> IPAddress? {
        guard var client = peer, isTrusted(client) else { return peer }
        let hops = forwardedFor().flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for hop in hops.reversed() {
            guard let address = IPAddress(String(hop.filter { $0 != " " && $0 != "\t" })) else { return client }
            client = address
            if !isTrusted(address) { return address }
        }
        return client
    }

    /// Whether the address is one of the proxies whose `X-Forwarded-For` counts.
    package func isTrusted(_ address: IPAddress) -> Bool {
        trustedProxies.contains { $0.contains(address) }
    }
}
