import Glibc
package import PaymentLinks

/// Asks the system's resolver. (`getaddrinfo`)
package enum SystemLookup {
    /// All addresses of the name, in the order in which the system would try them; none when there are none, `nil` when
    /// nobody could say.
    ///
    /// It blocks. A name is never an address in disguise here: `WebhookURL` has told them apart.
    package static func addresses(of name: String) -> [IPAddress]? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        switch getaddrinfo(name, nil, &hints, &list) {
        case 0: break
        case EAI_AGAIN, EAI_FAIL, EAI_SYSTEM, EAI_MEMORY: return nil
        default: return []
        }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { node in
            node.flatMap { address($0.pointee) }
        }
    }

    private static func address(_ info: addrinfo) -> IPAddress? {
        guard let socketAddress = info.ai_addr else { return nil }
        switch info.ai_family {
        case AF_INET:
            return socketAddress.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                let host = UInt32(bigEndian: address.pointee.sin_addr.s_addr)
                return IPAddress(bits: 0xFFFF_0000_0000 | UInt128(host))
            }
        case AF_INET6:
            return socketAddress.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin6_addr) { bytes in
                    IPAddress(bits: bytes.reduce(0) { $0 << 8 | UInt128($1) })
                }
            }
        default: return nil
        }
    }
}
