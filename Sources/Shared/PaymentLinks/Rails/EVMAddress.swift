/// Why a text is not an address of an EVM chain.
package enum EVMAddressError: FieldProblem, Hashable {
    case malformed
    case checksum

    package var code: String {
        switch self {
        case .malformed: "INVALID_ADDRESS"
        case .checksum: "INVALID_CHECKSUM"
        }
    }

    package var message: String {
        switch self {
        case .malformed: "Send 0x and 40 hexadecimal digits."
        case .checksum: "The address's capital letters do not pass its EIP-55 checksum: copy the address again."
        }
    }
}

/// An account or contract on an EVM chain: 20 bytes, written with the checksum that capital letters make. (EIP-55)
package struct EVMAddress: Hashable, Sendable {
    private let high: UInt32
    private let tail: Bits128

    /// The first 4 of the 20 bytes, and the other 16.
    init(high: UInt32, low: UInt128) {
        self.high = high
        tail = Bits128(low)
    }

    /// Reads `0x` and 40 hexadecimal digits. Letters of one case make no claim; of both, they must be the checksum.
    package init(_ string: String) throws(EVMAddressError) {
        let text = string.utf8
        guard text.count == 42, text.starts(with: Self.prefix.utf8) else { throw .malformed }
        let digits = text.dropFirst(2)
        let nibbles = digits.compactMap(\.hexDigitValue)
        guard nibbles.count == digits.count else { throw .malformed }
        let bytes = stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
        self.init(trusted: bytes)
        guard Self.isOfOneCase(digits) || string == description else { throw .checksum }
    }

    /// Takes 20 bytes, as a log's topic or a hash holds them.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        self.init(trusted: bytes)
    }

    package var bytes: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: high >> (24 - 8 * $0)) }
            + (0..<16).map { UInt8(truncatingIfNeeded: tail.value >> (120 - 8 * $0)) }
    }

    /// `0x` and 40 lower-case digits, as nodes write addresses.
    package var lowercase: String { Self.prefix + String(decoding: lowercaseDigits, as: UTF8.self) }

    private init(trusted bytes: some Collection<UInt8>) {
        high = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        tail = Bits128(bytes.dropFirst(4).reduce(0) { $0 << 8 | UInt128($1) })
    }

    private var lowercaseDigits: [UInt8] {
        bytes.flatMap { [UInt8.hexDigit($0 >> 4), UInt8.hexDigit($0 & 15)] }
    }

    private static let prefix = "0x"

    private static func isOfOneCase(_ digits: some Sequence<UInt8>) -> Bool {
        let hasUpper = digits.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }
        let hasLower = digits.contains { (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
        return !(hasUpper && hasLower)
    }
}

extension EVMAddress: CustomStringConvertible {
    /// `0x` and the digits, a letter in upper case where the same digit of the digits' hash is 8 or more.
    package var description: String {
        let digits = lowercaseDigits
        let hash = Keccak256.hash(digits)
        let checksummed = digits.enumerated().map { index, digit in
            let nibble = index.isMultiple(of: 2) ? hash[index / 2] >> 4 : hash[index / 2] & 15
            return nibble >= 8 && digit >= UInt8(ascii: "a") ? digit & ~0x20 : digit
        }
        return Self.prefix + String(decoding: checksummed, as: UTF8.self)
    }
}
