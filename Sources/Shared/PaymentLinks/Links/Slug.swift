/// The unguessable part of a link's address: anyone who knows it can read the link and claim it.
///
/// A slug has one spelling, in lower-case characters of Crockford's base 32: 20 characters that hold 100 random bits,
/// and in a marked slug 6 more that hold a 30-bit MAC over them. Only a gateway can make or check the mark (see
/// `AcceptedIdentifiers`). Slugs from before the mark have 20 characters and stay valid. A slug is not derived from the
/// link's id.
package struct Slug: Hashable, Sendable, CustomStringConvertible {
    /// Characters that hold the random bits.
    package static let randomLength = 20
    /// Characters of a marked slug.
    package static let markedLength = randomLength + 6

    package let string: String

    /// Reads a slug in its one spelling. Any other text names no link.
    package init?(_ string: String) {
        let text = string.utf8
        guard Self.isLength(text.count) else { return nil }
        for character in text {
            guard let value = CrockfordBase32.value(of: character),
                character == CrockfordBase32.lowerCaseCharacter(value)
            else { return nil }
        }
        self.string = string
    }

    /// Makes a slug without a mark. The generator must be cryptographically secure, as the system's is.
    package static func mint(using generator: inout some RandomNumberGenerator) -> Slug {
        let random = UInt128(generator.next()) << 64 | UInt128(generator.next())
        return Slug(trusted: text(of: random, length: randomLength))
    }

    /// Whether a text of so many bytes can be a slug.
    package static func isLength(_ count: Int) -> Bool { count == randomLength || count == markedLength }

    /// Whether the slug has a mark, right or wrong.
    package var isMarked: Bool { string.utf8.count == Self.markedLength }

    /// The mark, of 30 bits; `nil` in a slug without one.
    package var mark: UInt32? {
        guard isMarked else { return nil }
        return string.utf8.suffix(Self.markedLength - Self.randomLength).reversed().reduce(0) { mark, character in
            mark << 5 | UInt32(CrockfordBase32.value(of: character) ?? 0)
        }
    }

    /// The part that holds the random bits.
    package var random: Substring.UTF8View { string.utf8.prefix(Self.randomLength) }

    /// The slug with this mark instead of its own.
    package func marked(_ mark: UInt32) -> Slug {
        let characters = Self.text(of: UInt128(mark), length: Self.markedLength - Self.randomLength)
        return Slug(trusted: String(decoding: random, as: UTF8.self) + characters)
    }

    package var description: String { string }

    private init(trusted string: String) {
        self.string = string
    }

    /// The lowest bits, 5 to a character.
    private static func text(of bits: UInt128, length: Int) -> String {
        var rest = bits
        return String(unsafeUninitializedCapacity: length) { buffer in
            for index in 0..<length {
                buffer[index] = CrockfordBase32.lowerCaseCharacter(UInt8(truncatingIfNeeded: rest) & 31)
                rest >>= 5
            }
            return length
        }
    }
}

extension Slug: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let slug = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a slug of 20 or 26 characters")
        }
        self = slug
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }
}
