package import PaymentLinks

/// Decides which addresses a delivery may connect to: those of the public internet, and nothing else.
///
/// An endpoint's address is chosen by a customer, so it is hostile until shown otherwise: it may point into our own
/// network. What is not known to be public is refused. (IANA special-purpose address registries; RFC 6890)
package struct AddressPolicy: Sendable {
    /// The development switch: this machine itself may be reached, and still no other special address.
    package let allowsLoopback: Bool

    package init(allowsLoopback: Bool) {
        self.allowsLoopback = allowsLoopback
    }

    package func allows(_ address: IPAddress) -> Bool {
        if Self.loopback.contains(where: { $0.contains(address) }) { return allowsLoopback }
        return Self.isPublic(address)
    }

    private static func isPublic(_ address: IPAddress) -> Bool {
        if address.isIPv4 { return !specialIPv4.contains { $0.contains(address) } }
        if let host = translated(address) { return isPublic(host) }
        return globalUnicast.contains { $0.contains(address) } && !specialIPv6.contains { $0.contains(address) }
    }

    /// The IPv4 host that a NAT64 gateway would connect to. (RFC 6052: the well-known prefix)
    private static func translated(_ address: IPAddress) -> IPAddress? {
        guard address.bits >> 32 == wellKnownTranslation >> 32 else { return nil }
        return IPAddress(bits: mappedPrefix | (address.bits & 0xFFFF_FFFF))
    }

    private static let wellKnownTranslation: UInt128 = 0x0064_FF9B << 96
    private static let mappedPrefix: UInt128 = 0xFFFF_0000_0000

    private static func ranges(_ texts: String...) -> [AddressRange] { texts.compactMap(AddressRange.init) }

    private static let loopback = ranges("127.0.0.0/8", "::1")

    private static let specialIPv4 = ranges(
        "0.0.0.0/8",  // this network
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  // private
        "127.0.0.0/8",  // this machine, behind a translation too
        "100.64.0.0/10",  // shared by carriers, and some clouds' metadata
        "168.63.129.16",  // a cloud's host agent, on an address that looks public
        "169.254.0.0/16",  // link-local, and most clouds' metadata
        "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  // protocols and documentation
        "192.88.99.0/24",  // 6to4 relays
        "198.18.0.0/15",  // benchmarks
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4"  // reserved, and broadcast
    )

    /// All addresses that are routed globally lie here; unique-local, link-local, multicast, IPv4-compatible and
    /// the local NAT64 prefixes lie outside.
    private static let globalUnicast = ranges("2000::/3")

    private static let specialIPv6 = ranges(
        "2001::/23",  // protocols, Teredo among them
        "2001:db8::/32", "3fff::/20",  // documentation
        "2002::/16"  // 6to4: the relay takes the IPv4 host from the address
    )
}
