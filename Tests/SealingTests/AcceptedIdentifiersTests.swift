import PaymentLinks
import Sealing
import Testing

@Suite("Ids that can be told from invented ones")
struct AcceptedIdentifiersTests {
    private static let ours = AcceptedIdentifiers(digestKey: Array(repeating: 1, count: 32))
    private static let others = AcceptedIdentifiers(digestKey: Array(repeating: 2, count: 32))
    private static let now = Timestamp(microseconds: 1_775_000_000_123_456)
    private static let organization = OrganizationID(bits: 1)

    private static func slug() -> Slug {
        var generator = SystemRandomNumberGenerator()
        return Slug.mint(using: &generator)
    }

    @Test("A claim's id is ours on its slug, and on no other")
    func claims() {
        for _ in 0..<200 {
            let slug = Self.slug()
            let id = Self.ours.mintClaim(for: slug, at: Self.now)
            #expect(Self.ours.isOurs(id, for: slug))
            #expect(!Self.ours.isOurs(id, for: Self.slug()))
            #expect(!Self.others.isOurs(id, for: slug))
        }
    }

    @Test("A slug is ours with its mark, and with no other mark, random part, or key")
    func slugs() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let slug = Self.ours.mintSlug(using: &generator)
            #expect(Self.ours.isOurs(slug) && !Self.others.isOurs(slug))
            #expect(
                !Self.ours.isOurs(try #require(Slug(String(slug.string.prefix(20))))), "a slug from before the mark")
            let mark = String(slug.string.suffix(6))
            #expect(!Self.ours.isOurs(try #require(Slug(Self.slug().string + mark))))
        }
        let slug = Self.ours.mintSlug(using: &generator)
        for place in 0..<Slug.markedLength {
            var characters = Array(slug.string)
            characters[place] = characters[place] == "0" ? "1" : "0"
            #expect(!Self.ours.isOurs(try #require(Slug(String(characters)))), "place \(place)")
        }
    }

    @Test("The marks of slugs take every value: 30 bits")
    func marks() {
        var generator = SystemRandomNumberGenerator()
        let marks = (0..<2_000).map { _ in Array(Self.ours.mintSlug(using: &generator).string.suffix(6)) }
        for place in 0..<6 { #expect(Set(marks.map { $0[place] }).count == 32, "place \(place)") }
    }

    @Test("A link's id is ours for its organization, and for no other")
    func links() {
        for _ in 0..<200 {
            let id = Self.ours.mintLink(for: Self.organization, at: Self.now)
            #expect(Self.ours.isOurs(id, for: Self.organization))
            #expect(!Self.ours.isOurs(id, for: OrganizationID(bits: 2)))
            #expect(!Self.others.isOurs(id, for: Self.organization))
        }
    }

    @Test("An invented id is not ours: the chance is one in four billion")
    func invented() {
        let slug = Self.slug()
        for _ in 0..<2_000 { #expect(!Self.ours.isOurs(ClaimID.mint(at: Self.now), for: slug)) }
    }

    @Test("Whichever bit of an id is changed, it is not ours any more")
    func changedBits() {
        let slug = Self.slug()
        let id = Self.ours.mintClaim(for: slug, at: Self.now)
        for bit in 0..<128 { #expect(!Self.ours.isOurs(ClaimID(bits: id.bits ^ 1 << UInt128(bit)), for: slug)) }
    }

    @Test("A claim's id is not a link's, even where the scopes' texts are alike")
    func kinds() {
        let id = Self.ours.mintLink(for: Self.organization, at: Self.now)
        #expect(!Self.ours.isOurs(ClaimID(bits: id.bits), for: Self.slug()))
    }

    @Test("The time of an id stays readable, so ids still sort by it")
    func time() {
        let earlier = Self.ours.mintClaim(for: Self.slug(), at: Self.now)
        let later = Self.ours.mintClaim(for: Self.slug(), at: Self.now.advanced(by: .milliseconds(1)))
        #expect(earlier.ulid.milliseconds == Self.now.milliseconds)
        #expect(earlier < later)
        #expect(Self.ours.mintLink(for: Self.organization, at: Self.now).ulid.milliseconds == Self.now.milliseconds)
    }

    @Test("Ids of one millisecond differ")
    func collisions() {
        let slug = Self.slug()
        let ids = (0..<2_000).map { _ in Self.ours.mintClaim(for: slug, at: Self.now) }
        #expect(Set(ids).count == ids.count)
    }
}
