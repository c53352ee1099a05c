/// The unguessable part of a link's address: whoever knows it may see the link and claim it.
///
/// It has one spelling, 20 lower-case characters of Crockford's base 32, which hold 100 random bits. It is not derived
/// from the link's id.
package struct Slug: Hashable, Sendable, CustomStringConvertible {
    package static let length = 20

    package let string: String

    /// Takes a slug's one spelling; anything else cannot name a link.
    package init?(_ string: String) {
        let text = string.utf8
        guard text.count == Self.length else { return nil }
        for character in text {
            guard let value = CrockfordBase32.value(of: character),
                character == CrockfordBase32.lowerCaseCharacter(value)
            else { return nil }
        }
        self.string = string
    }

    /// Makes a new slug. The generator must be cryptographically secure, as the system's is.
    package static func mint(using generator: inout some RandomNumberGenerator) -> Slug {
        var random = UInt128(generator.next()) << 64 | UInt128(generator.next())
        return Slug(
            trusted: String(unsafeUninitializedCapacity: length) { buffer in
                for index in 0..<length {
                    buffer[index] = CrockfordBase32.lowerCaseCharacter(UInt8(truncatingIfNeeded: random) & 31)
                    random >>= 5
                }
                return length
            })
    }

    package var description: String { string }

    private init(trusted string: String) {
        self.string = string
    }
}

extension Slug: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let slug = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a slug of 20 characters")
        }
        self = slug
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }
}
