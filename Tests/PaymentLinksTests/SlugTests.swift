import PaymentLinks
import Testing

@Suite("Slugs")
struct SlugTests {
    @Test(
        "A slug has one spelling",
        arguments: [
            "0123456789abcdefghjk", "mnpqrstvwxyz00000000", "00000000000000000000", "0123456789abcdefghjkmnpqrs",
        ])
    func accepted(text: String) {
        #expect(Slug(text)?.string == text)
        #expect(Slug(text)?.description == text)
    }

    @Test(
        "Every other spelling is refused",
        arguments: [
            "", "abc123", "0123456789abcdefghjkmnpqr", "0123456789abcdefghjkmnpqrst", "0123456789abcdefghjkmnpqrS",
            "0123456789abcdefghj", "0123456789abcdefghjkm", "0123456789ABCDEFGHJK",
            "0123456789abcdefghjl",
            "0123456789abcdefghji", "0123456789abcdefghjo", "0123456789abcdefghju", "0123456789abcdefghj/",
            "0123456789abcdefghj ", "0123456789abcdefghé",
        ])
    func refused(text: String) {
        #expect(Slug(text) == nil)
    }

    @Test("Every place of a minted slug takes every character: 100 random bits")
    func randomness() {
        var generator = SeededGenerator(seed: 3)
        let slugs = (0..<2000).map { _ in Slug.mint(using: &generator).string }
        let seen = (0..<20).map { place in Set(slugs.map { Array($0)[place] }) }
        #expect(seen.allSatisfy { $0 == Set("0123456789abcdefghjkmnpqrstvwxyz") })
        #expect(Set(slugs).count == slugs.count)
        #expect(slugs.allSatisfy { Slug($0) != nil })
    }

    @Test("A mark follows the random part, 5 bits to a character, and replaces the mark that is there")
    func mark() throws {
        let slug = try #require(Slug("0123456789abcdefghjk"))
        #expect(slug.marked(0).string == "0123456789abcdefghjk000000")
        #expect(slug.marked(33).marked(0x3FFF_FFFF).string == "0123456789abcdefghjkzzzzzz")
        #expect(!slug.isMarked && slug.marked(0).isMarked)
        for mark: UInt32 in [0, 1, 33, 0x1234_5678 & 0x3FFF_FFFF, 0x3FFF_FFFF] {
            #expect(slug.marked(mark).mark == mark)
        }
        #expect(slug.mark == nil)
        #expect(String(decoding: slug.marked(7).random, as: UTF8.self) == slug.string)
    }

    @Test("A slug is a string in JSON, and a wrong one is refused")
    func coding() throws {
        let slug = try #require(Slug("0123456789abcdefghjk"))
        #expect(try JSON.text([slug]) == #"["0123456789abcdefghjk"]"#)
        #expect(try JSON.value(#"["0123456789abcdefghjk"]"#) == [slug])
        #expect(throws: DecodingError.self) { try JSON.value(#"["abc123"]"#, as: [Slug].self) }
    }
}
