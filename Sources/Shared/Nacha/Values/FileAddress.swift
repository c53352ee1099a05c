/// The immediate destination or immediate origin of a file: ten columns.
///
/// It is a space and nine digits, or ten letters or digits. Banks ask for either form of the origin.
package struct FileAddress: Hashable, Sendable {
    /// All ten columns, with the leading space.
    package let columns: String

    /// The result is nil if the text has neither form. Nine digits receive the leading space.
    package init?(_ text: String) {
        self.init(bytes: text.utf8.count == 9 ? [.space] + Array(text.utf8) : Array(text.utf8))
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == 10 else { return nil }
        let isRouting = bytes[0] == .space && bytes.dropFirst().allSatisfy(\.isDigit)
        guard isRouting || bytes.allSatisfy({ $0.isDigit || $0.isUppercaseLetter }) else { return nil }
        columns = String(decoding: bytes, as: UTF8.self)
    }

    /// The nine digits after the space, or nil if the address has ten letters or digits.
    package var nineDigits: String? {
        columns.utf8.first == .space ? String(columns.dropFirst()) : nil
    }
}
