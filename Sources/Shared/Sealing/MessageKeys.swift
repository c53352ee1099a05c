import Crypto
import Foundation

/// Keys that authenticate messages between components, by name: the first signs, and all of them verify.
///
/// A MAC is written as `name:base64`, where the base64 text holds the 32 bytes of HMAC-SHA-256 over the purpose, a zero
/// byte, and the message. (RFC 2104)
package struct MessageKeys: Sendable {
    private let signer: String
    private let keyed: [String: HMAC<SHA256>]

    /// - Parameter keys: names and 32 bytes each, the signing key first.
    package init(_ keys: [(name: String, key: [UInt8])]) throws(SealingError) {
        guard let first = keys.first else { throw .unusableKeys("at least one key is needed") }
        for (name, key) in keys {
            guard !name.isEmpty else { throw .unusableKeys("a key needs a name") }
            guard key.count == 32 else { throw .unusableKeys("the key \(name) must have 32 bytes") }
        }
        guard Set(keys.map(\.name)).count == keys.count else { throw .unusableKeys("two keys have the same name") }
        signer = first.name
        keyed = Dictionary(uniqueKeysWithValues: keys.map { ($0.name, HMAC(key: SymmetricKey(data: $0.key))) })
    }

    /// The MAC of a message under the signing key.
    package func mac(of message: some Sequence<UInt8>, purpose: String) -> String {
        guard let key = keyed[signer] else { preconditionFailure("the signing key is one of the keys") }
        let code = Self.code(key, purpose, Array(message))
        return "\(signer):\(Data(code).base64EncodedString())"
    }

    /// The name of the key that made this MAC; `nil` if none of the keys did.
    ///
    /// The comparison takes the same time for every wrong MAC of the right length.
    package func signer(of message: some Sequence<UInt8>, purpose: String, mac: String) -> String? {
        let parts = mac.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let key = keyed[String(parts[0])], let given = Data(base64Encoded: String(parts[1]))
        else { return nil }
        return Self.code(key, purpose, Array(message)) == given ? String(parts[0]) : nil
    }

    private static func code(
        _ key: HMAC<SHA256>, _ purpose: String, _ message: [UInt8]
    ) -> HMAC<SHA256>.MAC {
        var code = key
        code.update(data: Array(purpose.utf8) + [0])
        code.update(data: message)
        return code.finalize()
    }
}
