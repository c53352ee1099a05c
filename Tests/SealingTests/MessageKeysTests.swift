import Sealing
import Testing

@Suite("Keys that authenticate messages")
struct MessageKeysTests {
    private static let message = Array(#"{"version":1}"#.utf8)

    private static func keys(_ names: String...) throws -> MessageKeys {
        try MessageKeys(names.map { (name: $0, key: KeyRingTests.key(UInt8($0.utf8.count))) })
    }

    @Test("A MAC names its key and verifies, also after a newer key signs")
    func rotation() throws {
        let mac = try Self.keys("old").mac(of: Self.message, purpose: "claim")
        #expect(mac.hasPrefix("old:"))
        #expect(try Self.keys("old").signer(of: Self.message, purpose: "claim", mac: mac) == "old")
        #expect(try Self.keys("newer", "old").signer(of: Self.message, purpose: "claim", mac: mac) == "old")
        #expect(try Self.keys("newer").signer(of: Self.message, purpose: "claim", mac: mac) == nil)
    }

    /// Computed with Python's hmac module: key 32 bytes of 3, message `claim\0{"version":1}`.
    @Test("The MAC is HMAC-SHA-256 over the purpose, a zero byte, and the message")
    func vector() throws {
        let expected = "old:i2yD9ec0CZdERRr5JzAYHVg61d6JGfspBx9LGnKt9z8="
        #expect(try Self.keys("old").mac(of: Self.message, purpose: "claim") == expected)
    }

    @Test("A MAC of another message, purpose, key, or form does not verify")
    func forgeries() throws {
        let keys = try Self.keys("old")
        let mac = keys.mac(of: Self.message, purpose: "claim")
        #expect(keys.signer(of: Self.message + [32], purpose: "claim", mac: mac) == nil)
        #expect(keys.signer(of: Self.message, purpose: "create", mac: mac) == nil)
        let other = try MessageKeys([(name: "old", key: KeyRingTests.key(9))])
        #expect(other.signer(of: Self.message, purpose: "claim", mac: mac) == nil)
        for malformed in ["", "old", "old:", "old:AAAA", "old:?", ":" + mac.dropFirst(4), mac + "A"] {
            #expect(keys.signer(of: Self.message, purpose: "claim", mac: malformed) == nil, "\(malformed)")
        }
    }

    @Test("Unusable keys are refused")
    func unusable() {
        #expect(throws: SealingError.self) { _ = try MessageKeys([]) }
        #expect(throws: SealingError.self) { _ = try MessageKeys([(name: "a", key: [1])]) }
        #expect(throws: SealingError.self) { _ = try MessageKeys([(name: "", key: KeyRingTests.key(1))]) }
        #expect(throws: SealingError.self) { _ = try Self.keys("a", "a") }
    }
}

@Suite("Uses of a sealing key")
struct SealingCounterTests {
    @Test("The uses of the sealing key are counted, and its fingerprint tells it from others of its name")
    func counting() throws {
        let ring = try KeyRing([(name: "a", key: KeyRingTests.key(1)), (name: "b", key: KeyRingTests.key(2))])
        let copy = ring
        for _ in 0..<3 { _ = try copy.seal([1], context: "c") }
        _ = try ring.open(try ring.seal([1], context: "c"), context: "c")
        #expect(ring.uses.take() == 4)
        #expect(ring.uses.take() == 0)
        ring.uses.restore(4)
        #expect(ring.uses.take() == 4)
        #expect(ring.sealingName == "a")
        #expect(ring.sealingFingerprint.count == 16)
        let other = try KeyRing([(name: "a", key: KeyRingTests.key(3))])
        #expect(other.sealingFingerprint != ring.sealingFingerprint)
        #expect(SealingCounter.rotationDue == 2_147_483_648)
    }

    @Test("A value moves to the sealing key, and one that the key sealed stays")
    func resealing() throws {
        let old = try KeyRing([(name: "old", key: KeyRingTests.key(1))])
        let ring = try KeyRing([(name: "new", key: KeyRingTests.key(2)), (name: "old", key: KeyRingTests.key(1))])
        let sealed = try old.seal([7], context: "c")
        let resealed = try #require(try ring.resealed(sealed, context: "c"))
        #expect(try KeyRing([(name: "new", key: KeyRingTests.key(2))]).open(resealed, context: "c") == [7])
        #expect(try ring.resealed(resealed, context: "c") == nil)
    }
}
