import PaymentLinks

extension WebhookURL {
    static func defaultPort(isSecure: Bool) -> Int { isSecure ? 443 : 80 }

    static func splitScheme(
        _ text: Substring, allowsHTTP: Bool
    ) throws(WebhookURLError) -> (isSecure: Bool, rest: Substring) {
        guard let colon = text.firstIndex(of: ":") else { throw .malformed }
        let scheme = text[..<colon].asciiLowercased
        guard scheme == "https" || (scheme == "http" && allowsHTTP) else { throw .scheme(allowsHTTP: allowsHTTP) }
        let rest = text[text.index(after: colon)...]
        guard rest.hasPrefix("//") else { throw .malformed }
        return (scheme == "https", rest.dropFirst(2))
    }

    static func splitPort(
        _ authority: Substring, defaultPort: Int
    ) throws(WebhookURLError) -> (host: Substring, port: Int) {
        let hostEnd = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : authority.startIndex
        guard let hostEnd else { throw .host }
        guard let colon = authority[hostEnd...].firstIndex(of: ":") else { return (authority, defaultPort) }
        let digits = authority[authority.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit), let port = Int(digits),
            (1...65_535).contains(port)
        else { throw .port }
        return (authority[..<colon], port)
    }

    static func readHost(_ text: Substring) throws(WebhookURLError) -> Host {
        if text.hasPrefix("[") { return .address(try readIPv6(text)) }
        let name = text.asciiLowercased
        guard isName(name) else { throw .host }
        guard endsInNumber(name) else { return .name(name) }
        // Decimal, octal and hexadecimal spellings of IPv4 addresses end in a number; one spelling is accepted.
        guard let address = IPAddress(name), address.isIPv4 else { throw .host }
        return .address(address)
    }

    /// Whether the name is this machine's, or a private network's, by its name alone. (RFC 6761, 6762, 9476)
    static func isLocal(_ name: String) -> Bool {
        ["localhost", "local", "internal", "home.arpa", "alt"].contains { name == $0 || name.hasSuffix("." + $0) }
    }

    private static func readIPv6(_ text: Substring) throws(WebhookURLError) -> IPAddress {
        guard text.hasSuffix("]"), let address = IPAddress(String(text.dropFirst().dropLast())),
            text.contains(":")
        else { throw .host }
        return address
    }

    /// Labels of letters, digits, hyphens and underscores; no empty one, so no dot at the end either.
    private static func isName(_ name: String) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(\.isNameCharacter)
                && label.first != "-" && label.last != "-"
        }
    }

    /// Whether readers may take the host for an IPv4 address. (WHATWG URL, "ends in a number checker")
    private static func endsInNumber(_ name: String) -> Bool {
        guard let last = name.split(separator: ".").last else { return false }
        if last.utf8.allSatisfy(\.isDigit) { return true }
        return last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isNameCharacter: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || self == UInt8(ascii: "-")
            || self == UInt8(ascii: "_")
    }
}
