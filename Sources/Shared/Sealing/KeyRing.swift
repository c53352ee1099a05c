import Crypto

/// Why something sealed cannot be opened, or keys cannot be used. It never says what was inside.
package enum SealingError: Error, Sendable, Hashable {
    /// A ring needs one key at least, each with a name of its own of 1 to 255 bytes.
    case unusableKeys(String)
    /// The bytes are not of this format.
    case malformed
    /// The ring lacks the key that sealed it.
    case unknownKey(String)
    /// The bytes were changed, or were sealed for something else.
    case notAuthentic
}

/// Keys that seal and open, by name: the first seals, all of them open, so that keys can be rotated.
///
/// A sealed value is `version (1 byte) | length of the key's name (1 byte) | the key's name | nonce (12) | ciphertext |
/// tag (16)`, by AES-256-GCM. The context is authenticated with it: what was sealed for one thing does not open for
/// another. (NIST SP 800-38D)
package struct KeyRing: Sendable {
    private static let version: UInt8 = 1
    private static let nonceLength = 12
    private static let tagLength = 16

    private let names: [String]
    private let keys: [String: SymmetricKey]
    /// The uses of the key that seals.
    package let uses = SealingCounter()

    /// - Parameter keys: names and 32 bytes each, the sealing one first.
    package init(_ keys: [(name: String, key: [UInt8])]) throws(SealingError) {
        guard !keys.isEmpty else { throw .unusableKeys("at least one key is needed") }
        for (name, key) in keys {
            guard (1...255).contains(name.utf8.count) else { throw .unusableKeys("a key's name has 1 to 255 bytes") }
            guard key.count == 32 else { throw .unusableKeys("the key \(name) must have 32 bytes") }
        }
        names = keys.map(\.name)
        guard Set(names).count == names.count else { throw .unusableKeys("two keys have the same name") }
        self.keys = Dictionary(uniqueKeysWithValues: keys.map { ($0.name, SymmetricKey(data: $0.key)) })
    }

    package func seal(_ plaintext: [UInt8], context: String) throws(SealingError) -> [UInt8] {
        guard let name = names.first, let key = keys[name] else { throw .unusableKeys("the ring is empty") }
        uses.add()
        let box: AES.GCM.SealedBox
        do {
            box = try AES.GCM.seal(plaintext, using: key, authenticating: Array(context.utf8))
        } catch {
            throw .unusableKeys("the key \(name) does not seal")
        }
        return [Self.version, UInt8(name.utf8.count)] + Array(name.utf8) + Array(box.nonce) + Array(box.ciphertext)
            + Array(box.tag)
    }

    /// The same value under the key that seals now; `nil` if that key sealed it.
    package func resealed(_ sealed: [UInt8], context: String) throws(SealingError) -> [UInt8]? {
        try Self.split(sealed).name == names.first ? nil : try seal(open(sealed, context: context), context: context)
    }

    /// The name of the key that seals.
    package var sealingName: String { names.first ?? "" }

    /// Tells the key that seals from others of its name, without revealing it: a part of its SHA-256.
    package var sealingFingerprint: String {
        guard let key = names.first.flatMap({ keys[$0] }) else { return "" }
        let hash = key.withUnsafeBytes { SHA256.hash(data: Array("paylinks sealing key".utf8) + Array($0)) }
        return hash.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    package func open(_ sealed: [UInt8], context: String) throws(SealingError) -> [UInt8] {
        let (name, payload) = try Self.split(sealed)
        guard let key = keys[name] else { throw .unknownKey(name) }
        do {
            let box = try AES.GCM.SealedBox(combined: payload)
            return Array(try AES.GCM.open(box, using: key, authenticating: Array(context.utf8)))
        } catch {
            throw .notAuthentic
        }
    }

    private static func split(_ sealed: [UInt8]) throws(SealingError) -> (name: String, payload: ArraySlice<UInt8>) {
        guard sealed.count > 2, sealed[0] == version else { throw .malformed }
        let nameEnd = 2 + Int(sealed[1])
        guard sealed.count >= nameEnd + nonceLength + tagLength,
            let name = String(validating: sealed[2..<nameEnd], as: UTF8.self)
        else { throw .malformed }
        return (name, sealed[nameEnd...])
    }
}
