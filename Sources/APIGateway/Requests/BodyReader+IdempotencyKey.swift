extension BodyReader {
    private static var longestKey: Int { 255 }

    /// The caller's idempotency key: from the header `Idempotency-Key`, or from the field `idempotencyKey`.
    ///
    /// Both may be sent if they are the same bytes. A key has 1 to 255 characters.
    package mutating func idempotencyKey(header: [String]) -> String? {
        let field = string("idempotencyKey")
        checkLength(of: field, "idempotencyKey")
        guard let key = header.first else { return field }
        if header.count > 1 || field.map({ !$0.utf8.elementsEqual(key.utf8) }) ?? false {
            report("Idempotency-Key", "AMBIGUOUS", "Send one key only, in the header or in the body.")
        }
        checkLength(of: key, "Idempotency-Key")
        return key
    }

    private mutating func checkLength(of key: String?, _ name: String) {
        guard let key, !(1...Self.longestKey).contains(key.unicodeScalars.count) else { return }
        report(name, key.isEmpty ? "EMPTY" : "TOO_LONG", "Send a key of 1 to \(Self.longestKey) characters.")
    }
}
