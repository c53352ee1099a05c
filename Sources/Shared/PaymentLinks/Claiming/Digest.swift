/// A keyed or plain 256-bit digest: equal digests stand for equal requests, and say nothing of their content.
package struct Digest: Hashable, Sendable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// `nil` unless there are exactly 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Digest.byteCount else { return nil }
        self.bytes = bytes
    }
}

/// A caller's idempotency key, folded with its scope and route.
package struct IdempotencyReference: Hashable, Sendable {
    /// Names (scope, route, key); what two requests with one key share.
    package let key: Digest
    /// Stands for the request's body; what two requests with one key must share.
    package let request: Digest

    package init(key: Digest, request: Digest) {
        self.key = key
        self.request = request
    }
}
