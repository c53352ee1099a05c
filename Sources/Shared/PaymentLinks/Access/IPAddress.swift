/// An IP address of either version, kept as the 128 bits of IPv6.
///
/// An IPv4 address is its mapped one (`::ffff:0:0/96`), so the two spellings of one host are equal. (RFC 4291)
package struct IPAddress: Hashable, Sendable {
    private let storage: Bits128

    package var bits: UInt128 { storage.value }

    package init(bits: UInt128) {
        storage = Bits128(bits)
    }

    /// Reads `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`; no zone, no brackets, no octal.
    package init?(_ string: String) {
        guard string.utf8.count <= Self.longestText else { return nil }
        if let host = Self.ipv4(string[...]) {
            self.init(bits: Self.ipv4Prefix | UInt128(host))
        } else if let groups = Self.ipv6Groups(string) {
            self.init(bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
        } else {
            return nil
        }
    }

    /// What stands for the subscriber of the address: an IPv4 address itself, and of an IPv6 address the network of 64
    /// bits, of which one subscriber has every address. (RFC 6177)
    package var subscriber: IPAddress { isIPv4 ? self : IPAddress(bits: (bits >> 64) << 64) }

    package var isIPv4: Bool { bits >> 32 == Self.ipv4Prefix >> 32 }

    static let ipv4Prefix: UInt128 = 0xFFFF_0000_0000
    /// Eight groups of four digits, the last two as an IPv4 address.
    private static let longestText = 45

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var host: UInt32 = 0
        for part in parts {
            guard let octet = part.decimalOctet else { return nil }
            host = host << 8 | UInt32(octet)
        }
        return host
    }

    /// The eight groups, those that `::` stands for included.
    private static func ipv6Groups(_ text: String) -> [UInt16]? {
        guard let gap = text.firstRange(of: "::") else {
            guard let groups = groups(text[...], mayEndInIPv4: true), groups.count == 8 else { return nil }
            return groups
        }
        guard let head = groups(text[..<gap.lowerBound], mayEndInIPv4: false),
            let tail = groups(text[gap.upperBound...], mayEndInIPv4: true), head.count + tail.count < 8
        else { return nil }
        return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var ending: [UInt16] = []
        if mayEndInIPv4, let last = parts.last, let host = ipv4(last) {
            ending = [UInt16(host >> 16), UInt16(host & 0xFFFF)]
            parts.removeLast()
        }
        let groups = parts.compactMap(\.hexadecimalGroup)
        return groups.count == parts.count ? groups + ending : nil
    }
}

extension Substring {
    /// One to three digits, at most 255, without a leading zero, which some readers take for octal.
    fileprivate var decimalOctet: UInt8? {
        guard utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        return utf8.count > 1 && first == "0" ? nil : UInt8(self)
    }

    /// One to four hexadecimal digits.
    fileprivate var hexadecimalGroup: UInt16? {
        guard (1...4).contains(utf8.count), utf8.allSatisfy({ $0.hexDigitValue != nil }) else { return nil }
        return UInt16(self, radix: 16)
    }
}
