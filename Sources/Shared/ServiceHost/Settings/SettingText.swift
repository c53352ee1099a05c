import Foundation

/// A key with the id that says which key sealed a value.
package struct NamedKey: Sendable, Hashable {
    package let id: String
    /// Always 32 bytes.
    package let bytes: [UInt8]
}

/// How the text of a setting is read. Everything here is pure.
enum SettingText {
    /// The items between commas, without the space around them.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            item.trimmingCharacters(in: .whitespaces)
        }
    }

    /// A scheme, `://` and something after it, without white space. Several hosts are allowed: libpq takes them.
    static func isURL(_ text: String, schemes: [String]) -> Bool {
        guard !text.contains(where: \.isWhitespace) else { return false }
        return schemes.contains { scheme in
            text.lowercased().hasPrefix(scheme + "://") && text.count > scheme.count + 3
        }
    }

    static func durations(_ text: String) -> [Duration]? {
        let durations = list(text).compactMap { Duration(setting: $0) }
        return durations.count == list(text).count ? durations : nil
    }

    static func isSchedule(_ text: String, longest: Duration) -> Bool {
        guard let pauses = durations(text) else { return false }
        return pauses.first == .zero && pauses.allSatisfy { $0 <= longest }
    }

    static func key(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.count == 32 else { return nil }
        return [UInt8](data)
    }

    /// The keys in their order, or nil when one is malformed or an id comes twice.
    static func namedKeys(_ text: String) -> [NamedKey]? {
        var keys: [NamedKey] = []
        for item in list(text) {
            guard let key = namedKey(item), !keys.contains(where: { $0.id == key.id }) else { return nil }
            keys.append(key)
        }
        return keys
    }

    private static func namedKey(_ text: String) -> NamedKey? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let id = String(text[..<colon])
        guard isKeyID(id), let bytes = key(String(text[text.index(after: colon)...])) else { return nil }
        return NamedKey(id: id, bytes: bytes)
    }

    /// 1 to 32 ASCII letters, digits, hyphens and underscores.
    private static func isKeyID(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }

    /// An IPv4 or IPv6 address, alone or with a prefix length.
    static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = parts.first, let bits = addressBits(address) else { return false }
        guard parts.count == 2 else { return true }
        guard parts[1].allSatisfy({ ("0"..."9").contains($0) }), let length = Int(parts[1]) else { return false }
        return length <= bits
    }

    private static func addressBits(_ text: String) -> Int? {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return 32 }
        return inet_pton(AF_INET6, text, &v6) == 1 ? 128 : nil
    }

    static func isAmount(_ text: String) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digitsOnly = parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { ("0"..."9").contains($0) } }
        return digitsOnly && parts[0].count <= 12 && (parts.count == 1 || parts[1].count <= 2)
    }

    static func isEVMAddress(_ text: String) -> Bool {
        text.hasPrefix("0x") && text.utf8.count == 42 && text.dropFirst(2).allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
