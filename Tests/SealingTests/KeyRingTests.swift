import Sealing
import Testing

@Suite("Keys that seal and open")
struct KeyRingTests {
    private static let text = Array("an account number".utf8)

    static func key(_ byte: UInt8) -> [UInt8] { Array(repeating: byte, count: 32) }

    private static func ring(_ names: String...) throws -> KeyRing {
        try KeyRing(names.map { (name: $0, key: key(UInt8($0.utf8.count))) })
    }

    private static func failure(_ body: () throws(SealingError) -> Void) -> SealingError? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("What was sealed opens, whatever its length", arguments: [0, 1, 15, 16, 17, 4_096])
    func roundTrip(length: Int) throws {
        let text = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = try Self.ring("a").seal(text, context: "c")
        #expect(try Self.ring("a").open(sealed, context: "c") == text)
        #expect(sealed.count == 2 + 1 + 12 + length + 16)
    }

    @Test("The text and its key do not show, and no two sealings are equal")
    func secrecy() throws {
        let ring = try Self.ring("a")
        let sealed = try (0..<100).map { _ in try ring.seal(Self.text, context: "c") }
        #expect(Set(sealed).count == 100)
        #expect(!sealed.contains { $0.contains(Self.text) })
    }

    @Test("After a rotation the new key seals and the old one still opens")
    func rotation() throws {
        let old = try Self.ring("old")
        let rotated = try Self.ring("newer", "old")
        let sealedBefore = try old.seal(Self.text, context: "c")
        #expect(try rotated.open(sealedBefore, context: "c") == Self.text)
        let sealedAfter = try rotated.seal(Self.text, context: "c")
        #expect(Array(sealedAfter[2..<7]) == Array("newer".utf8))
        #expect(
            Self.failure { () throws(SealingError) in _ = try old.open(sealedAfter, context: "c") }
                == .unknownKey("newer"))
    }

    @Test("A key of the same name and other bytes does not open")
    func otherKey() throws {
        let sealed = try KeyRing([(name: "a", key: Self.key(1))]).seal(Self.text, context: "c")
        let other = try KeyRing([(name: "a", key: Self.key(2))])
        #expect(Self.failure { () throws(SealingError) in _ = try other.open(sealed, context: "c") } == .notAuthentic)
    }

    @Test("What was sealed for one thing does not open for another", arguments: ["", "C", "c ", "d"])
    func context(other: String) throws {
        let ring = try Self.ring("a")
        let sealed = try ring.seal(Self.text, context: "c")
        #expect(Self.failure { () throws(SealingError) in _ = try ring.open(sealed, context: other) } == .notAuthentic)
    }

    @Test("A changed bit anywhere, a byte more or a byte less: nothing opens")
    func tampering() throws {
        let ring = try Self.ring("abc")
        let sealed = try ring.seal(Self.text, context: "c")
        var changed = sealed.indices.flatMap { index in
            (0..<8).map { bit in
                var copy = sealed
                copy[index] ^= 1 << UInt8(bit)
                return copy
            }
        }
        changed += sealed.indices.map { Array(sealed[..<$0]) } + [sealed + [0], [0] + sealed]
        for bytes in changed {
            #expect(Self.failure { () throws(SealingError) in _ = try ring.open(bytes, context: "c") } != nil)
        }
    }

    private static let malformed: [[UInt8]] = [
        [], [1], [1, 1], [2, 1, 97] + Array(repeating: 0, count: 28), [0, 1, 97] + Array(repeating: 0, count: 28),
        [1, 1, 97] + Array(repeating: 0, count: 27), [1, 255, 97] + Array(repeating: 0, count: 28),
        [1, 1, 0xFF] + Array(repeating: 0, count: 28),
    ]

    @Test("Bytes of another format are told from forged ones", arguments: malformed)
    func otherFormats(bytes: [UInt8]) throws {
        let ring = try Self.ring("a")
        #expect(Self.failure { () throws(SealingError) in _ = try ring.open(bytes, context: "c") } == .malformed)
    }

    private static let unusable: [[(name: String, key: [UInt8])]] = [
        [], [("", key(1))], [(String(repeating: "n", count: 256), key(1))], [("a", Array(key(1).dropLast()))],
        [("a", key(1) + [1])], [("a", [])], [("a", key(1)), ("a", key(2))], [("a", key(1)), ("b", [])],
    ]

    @Test("A ring of unusable keys is not made, and the error shows no key", arguments: unusable.indices)
    func unusableKeys(index: Int) {
        let failure = Self.failure { () throws(SealingError) in _ = try KeyRing(Self.unusable[index]) }
        guard case .unusableKeys(let reason) = failure else {
            Issue.record("made, or failed otherwise: \(String(describing: failure))")
            return
        }
        #expect(!reason.contains("[1"))
    }

    @Test("A key's name may have 255 bytes")
    func longName() throws {
        let ring = try KeyRing([(name: String(repeating: "n", count: 255), key: Self.key(1))])
        #expect(try ring.open(ring.seal(Self.text, context: "c"), context: "c") == Self.text)
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}
