import Crypto
package import PaymentLinks

/// Makes ids and slugs that can be told from invented ones before any row exists.
///
/// Of an id's 80 random bits the last 32 are a MAC over the rest and over what the id belongs to. So a gateway can
/// answer "being worked on" for a claim that it, or another gateway, has accepted, and 404 for one that no gateway has,
/// without a write of its own. 48 random bits a millisecond remain. (HMAC-SHA-256, truncated: RFC 2104)
package struct AcceptedIdentifiers: Sendable {
    private static let macBits: UInt128 = 32

    /// What each MAC begins with: the key alone, taken in once.
    private let keyed: HMAC<SHA256>

    /// - Parameter digestKey: the 32 bytes that all gateways share.
    package init(digestKey: [UInt8]) {
        keyed = HMAC(key: SymmetricKey(data: digestKey))
    }

    package func mintClaim(for slug: Slug, at now: Timestamp) -> ClaimID {
        ClaimID(bits: marked(ClaimID.mint(at: now).bits, scope: Self.scope(slug)))
    }

    package func isOurs(_ id: ClaimID, for slug: Slug) -> Bool {
        marked(id.bits, scope: Self.scope(slug)) == id.bits
    }

    package func mintLink(for organization: OrganizationID, at now: Timestamp) -> LinkID {
        LinkID(bits: marked(LinkID.mint(at: now).bits, scope: Self.scope(organization)))
    }

    package func isOurs(_ id: LinkID, for organization: OrganizationID) -> Bool {
        marked(id.bits, scope: Self.scope(organization)) == id.bits
    }

    /// Makes a slug whose last 30 bits are a MAC over its 100 random bits. The generator must be cryptographically
    /// secure.
    package func mintSlug(using generator: inout some RandomNumberGenerator) -> Slug {
        let slug = Slug.mint(using: &generator)
        return slug.marked(mark(of: slug))
    }

    /// Whether the slug was made with this key, going by its mark. An invented slug passes once in a billion tries.
    package func isOurs(_ slug: Slug) -> Bool { slug.mark.map { $0 == mark(of: slug) } ?? false }

    private func mark(of slug: Slug) -> UInt32 {
        var code = keyed
        code.update(data: Self.slugScope + slug.random)
        return code.finalize().prefix(4).reduce(0) { $0 << 8 | UInt32($1) } >> 2
    }

    private static let slugScope = Array("slug:".utf8)

    private static func scope(_ slug: Slug) -> String { "claim:\(slug)" }

    private static func scope(_ organization: OrganizationID) -> String { "link:\(organization)" }

    private func marked(_ bits: UInt128, scope: String) -> UInt128 {
        let free = (bits >> Self.macBits) << Self.macBits
        var message = Array(scope.utf8)
        withUnsafeBytes(of: free.bigEndian) { message.append(contentsOf: $0) }
        var code = keyed
        code.update(data: message)
        return code.finalize().prefix(4).reduce(into: free >> Self.macBits) { $0 = $0 << 8 | UInt128($1) }
    }
}
