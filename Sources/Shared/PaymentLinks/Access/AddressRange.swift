/// An address, or a block of them in CIDR notation, that a key may be used from. (RFC 4632)
package struct AddressRange: Hashable, Sendable {
    /// The block's first address.
    private let base: IPAddress
    /// How many of the 128 bits are fixed; an IPv4 block's own length plus 96.
    private let prefixLength: Int

    /// Reads an address, or an address, a slash and a length. Bits behind the length are cleared.
    package init?(_ string: String) {
        let parts = string.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        guard parts.count == 2 else {
            self.init(address, prefixLength: 128)
            return
        }
        let isDotted = !parts[0].contains(":")
        guard let length = Self.length(parts[1]), length <= (isDotted ? 32 : 128) else { return nil }
        self.init(address, prefixLength: isDotted ? length + 96 : length)
    }

    /// Whether the address lies in the block. An IPv6 block holds IPv4 addresses only if it lies in the mapped ones.
    package func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == isIPv4 && address.bits & mask == base.bits
    }

    /// Whether the other block lies in this one.
    package func contains(_ other: AddressRange) -> Bool {
        other.prefixLength >= prefixLength && other.isIPv4 == isIPv4 && contains(other.base)
    }

    private init(_ address: IPAddress, prefixLength: Int) {
        self.prefixLength = prefixLength
        base = IPAddress(bits: address.bits & Self.mask(prefixLength))
    }

    private var isIPv4: Bool { prefixLength >= 96 && base.isIPv4 }

    private var mask: UInt128 { Self.mask(prefixLength) }

    /// A smart shift by all 128 bits leaves zero, as a length of 0 needs.
    private static func mask(_ prefixLength: Int) -> UInt128 { UInt128.max << (128 - prefixLength) }

    private static func length(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        else { return nil }
        return text.utf8.count > 1 && text.first == "0" ? nil : Int(text)
    }
}

extension AddressRange: CustomStringConvertible {
    /// The canonical spelling: an address alone when the block holds one.
    package var description: String {
        if prefixLength == 128 { return base.description }
        return "\(base)/\(isIPv4 ? prefixLength - 96 : prefixLength)"
    }
}

extension AddressRange: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let range = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected an IP address or a CIDR block")
        }
        self = range
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
