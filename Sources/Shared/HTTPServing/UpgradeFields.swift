/// Whether a request asks to change the connection's protocol, as the parser sees it.
enum ProtocolChange {
    /// It does not, and the parser goes on after it.
    case none
    /// It does, and the parser stops after it.
    case asked
    /// It may do so: a different parser could read the fields differently.
    case unclear
}

/// The fields that ask to change the connection's protocol: `Upgrade`, with the option `upgrade` in `Connection`
/// (RFC 9110, 7.8) or in `Proxy-Connection`, which the parser reads in the same way.
///
/// The parser stops only when it finds both. A value that merely contains the word is unclear, so that an error here can
/// end a connection, but can never make two readers disagree about where the next request begins.
struct UpgradeFields {
    private static let word = "upgrade"

    private var namesProtocol = false
    private var hasEmptyProtocol = false
    private var hasOption = false
    private var mentionsOption = false

    var change: ProtocolChange {
        guard mentionsOption, namesProtocol || hasEmptyProtocol else { return .none }
        return hasOption && namesProtocol ? .asked : .unclear
    }

    /// Takes the value of an `Upgrade` field.
    mutating func addProtocol(_ value: String) {
        if value.utf8.allSatisfy(Self.isBlank) { hasEmptyProtocol = true } else { namesProtocol = true }
    }

    /// Takes the value of a `Connection` or `Proxy-Connection` field.
    mutating func addOptions(_ value: String) {
        guard value.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "u") }) else { return }
        let options = value.utf8.split(separator: UInt8(ascii: ","))
        hasOption = hasOption || options.contains { Self.isWord($0) }
        mentionsOption = mentionsOption || value.lowercased().contains(Self.word)
    }

    /// Whether an option is the word, with blanks before it and spaces after it, as the parser allows.
    private static func isWord(_ option: Substring.UTF8View) -> Bool {
        var option = option.drop(while: isBlank)
        while option.last == UInt8(ascii: " ") { option.removeLast() }
        return ConnectionHeaders.equal(option, word)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
