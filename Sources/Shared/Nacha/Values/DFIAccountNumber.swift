/// The account number at the receiving institution: 1 to 17 printable ASCII characters, left-justified.
///
/// The case of letters is kept, because a bank may tell accounts apart by it. No total of a Nacha file covers the
/// account number, so a changed digit is found only against a stored digest (see `RowDigests`).
package struct DFIAccountNumber: Hashable, Sendable {
    /// The whole number. Only the file needs it.
    package let unmasked: String

    /// The result is nil if the text is empty, too long, not printable ASCII, or starts or ends with a space.
    package init?(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    init?(bytes: [UInt8]) {
        guard (1...17).contains(bytes.count), bytes.allSatisfy(\.isPrintable) else { return nil }
        guard bytes.first != .space, bytes.last != .space else { return nil }
        unmasked = String(decoding: bytes, as: UTF8.self)
    }
}

extension DFIAccountNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Only the last two characters, and none of a number that is shorter than six.
    package var description: String { unmasked.utf8.count < 6 ? "…" : "…\(unmasked.suffix(2))" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
