import PaymentLinks
import Sealing
import Testing

@Suite("Digests of requests and keys")
struct DigestTests {
    private static let digests = RequestDigests(digestKey: Array(repeating: 1, count: 32))
    private static let others = RequestDigests(digestKey: Array(repeating: 2, count: 32))

    @Test("Equal requests have equal digests, others have not")
    func requests() throws {
        let bodies = ["", "a", "b", "aa", "a\u{0}"].map { Array($0.utf8) }
        #expect(try Set(bodies.map { try Self.digests.digest(of: $0) }).count == bodies.count)
        #expect(try Self.digests.digest(of: bodies[1]) == Self.digests.digest(of: bodies[1]))
    }

    @Test("A digest depends on the secret key, so that nobody else can try account numbers out")
    func keyed() throws {
        #expect(try Self.digests.digest(of: [1]) != Self.others.digest(of: [1]))
        #expect(try Self.digests.digest(of: [1]).bytes != RequestDigests.secretDigest("\u{1}"))
    }

    @Test("An idempotency key counts within its scope and route, and nothing runs over from one to the next")
    func keys() throws {
        let triples = [
            ("s", "r", "k"), ("t", "r", "k"), ("s", "q", "k"), ("s", "r", "j"), ("sr", "", "k"), ("", "sr", "k"),
            ("s", "", "rk"), ("s", "rk", ""),
        ]
        let keys = try triples.map { try Self.digests.key(scope: $0.0, route: $0.1, key: $0.2) }
        #expect(Set(keys).count == triples.count)
        #expect(try Self.digests.key(scope: "s", route: "r", key: "k") == keys[0])
    }

    @Test("A request's digest is never a key's")
    func purposes() throws {
        let key = try Self.digests.key(scope: "s", route: "r", key: "k")
        #expect(try Self.digests.digest(of: Array("s\u{0}r\u{0}k".utf8)) != key)
    }

    @Test("A secret is kept as its SHA-256")
    func secretDigest() {
        let hex = RequestDigests.secretDigest("abc").map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        #expect(hex.joined() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}

@Suite("API keys")
struct APISecretTests {
    private static func mint(_ environment: Environment) -> APISecret {
        var generator = SystemRandomNumberGenerator()
        return APISecret.mint(environment, using: &generator)
    }

    @Test(
        "A key's prefix tells its environment",
        arguments: [(Environment.sandbox, "wg_test_"), (.production, "wg_live_")])
    func prefixes(environment: Environment, prefix: String) {
        let secret = Self.mint(environment)
        #expect(secret.text.hasPrefix(prefix))
        #expect(secret.text.count == 41)
        #expect(secret.text.dropFirst(8).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        #expect(secret.prefix == String(secret.text.prefix(12)))
    }

    @Test("No two keys are equal, and each is found by its digest")
    func uniqueness() {
        let secrets = (0..<500).map { _ in Self.mint(.sandbox) }
        #expect(Set(secrets.map(\.text)).count == 500)
        #expect(secrets.allSatisfy { $0.digest == RequestDigests.secretDigest($0.text) && $0.digest.count == 32 })
    }

    @Test("A key uses all 62 characters")
    func alphabet() {
        let used = Set((0..<200).flatMap { _ in Self.mint(.sandbox).text.dropFirst(8) })
        #expect(used.count == 62)
    }
}
