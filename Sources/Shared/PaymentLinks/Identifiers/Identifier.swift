/// What an identifier identifies: it gives the prefix that people and programs tell it by.
package protocol IdentifierKind: SendableMetatype {
    /// The prefix with its underscore, as in `lnk_`.
    static var prefix: String { get }
}

/// A ULID that cannot be mistaken for another kind's, neither by the compiler nor, thanks to its prefix, by a reader.
package struct Identifier<Kind: IdentifierKind>: Hashable, Comparable, Sendable {
    package let ulid: ULID

    package init(_ ulid: ULID) {
        self.ulid = ulid
    }

    package init(bits: UInt128) {
        self.init(ULID(bits: bits))
    }

    /// Reads the prefix of this kind and a ULID, and nothing else.
    package init?(_ string: String) {
        guard let ulid = ULID(ascii: string.utf8Span.span, after: Kind.prefix) else { return nil }
        self.init(ulid)
    }

    package var bits: UInt128 { ulid.bits }

    package static func mint(at instant: Timestamp, using generator: inout some RandomNumberGenerator) -> Self {
        Self(ULID.mint(at: instant, using: &generator))
    }

    /// Mints with the system's secure random numbers.
    package static func mint(at instant: Timestamp) -> Self {
        var generator = PooledRandomNumberGenerator()
        return mint(at: instant, using: &generator)
    }

    package static func < (left: Self, right: Self) -> Bool { left.ulid < right.ulid }
}

extension Identifier: CustomStringConvertible {
    package var description: String {
        let prefix = Kind.prefix.utf8
        let length = prefix.count + ULID.length
        return String(unsafeUninitializedCapacity: length) { buffer in
            for (index, character) in prefix.enumerated() { buffer[index] = character }
            ulid.write(into: buffer, from: prefix.count)
            return length
        }
    }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected \(Kind.prefix) and a ULID of 26 characters")
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
