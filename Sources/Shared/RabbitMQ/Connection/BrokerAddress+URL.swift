extension BrokerAddress {
    /// Parses `amqp[s]://[user[:password]@]host[:port][/vhost][?cacertfile=…&verify=verify_peer|verify_none]`.
    ///
    /// Every part is percent-decoded. Without a path the virtual host is `/`; the path `/` alone names the empty
    /// virtual host, as RabbitMQ's URI specification has it, and is taken for `/` too, since an empty name is not
    /// meant.
    init(url: String) throws(RabbitMQError) {
        let shown = BrokerAddress.withoutPassword(url)
        var parts = try Parts(url, shown: shown)
        let isEncrypted = try parts.takeScheme()
        let tls = try parts.takeQuery()
        if tls != nil && !isEncrypted { throw .invalidURL("TLS settings need amqps: \(shown)") }
        let virtualHost = try parts.takePath()
        let (user, password) = try parts.takeUser()
        let (host, port) = try parts.takeHost(defaultPort: isEncrypted ? 5671 : 5672)
        self.init(
            host: host, port: port, virtualHost: virtualHost, user: user, password: password,
            tls: isEncrypted ? tls ?? TLS() : nil)
    }

    /// The text with whatever stands between the scheme and the last `@` taken out.
    private static func withoutPassword(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@") else { return url }
        let scheme = url.prefix { $0.isLetter || $0 == ":" || $0 == "/" }
        let start = scheme.hasSuffix("://") ? String(scheme) : ""
        return start + "…" + url[at...]
    }
}

/// What is left of an address while it is taken apart from both ends.
private struct Parts {
    private var rest: Substring
    private let shown: String

    init(_ url: String, shown: String) throws(RabbitMQError) {
        rest = url[...]
        self.shown = shown
        if url.utf8.contains(0) || url.contains("%00") { throw .invalidURL("NUL in \(shown)") }
    }

    /// Whether the scheme asks for TLS.
    mutating func takeScheme() throws(RabbitMQError) -> Bool {
        for (scheme, isEncrypted) in [("amqp://", false), ("amqps://", true)]
        where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            return isEncrypted
        }
        throw .invalidURL("expected amqp:// or amqps://: \(shown)")
    }

    mutating func takeQuery() throws(RabbitMQError) -> BrokerAddress.TLS? {
        guard let mark = rest.firstIndex(of: "?") else { return nil }
        let query = rest[rest.index(after: mark)...]
        // It is most likely a password's, whose question mark is not escaped.
        if query.contains("@") { throw .invalidURL("@ behind ?, which is %3F in a password: \(shown)") }
        rest = rest[..<mark]
        var tls = BrokerAddress.TLS()
        for pair in query.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            try set(String(sides[0]), to: decoded(sides.count > 1 ? sides[1] : ""), in: &tls)
        }
        return query.isEmpty ? nil : tls
    }

    private func set(_ name: String, to value: String, in tls: inout BrokerAddress.TLS) throws(RabbitMQError) {
        switch (name, value) {
        case ("cacertfile", _) where !value.isEmpty: tls.certificateAuthorityFile = value
        case ("verify", "verify_peer"): tls.verifiesPeer = true
        case ("verify", "verify_none"): tls.verifiesPeer = false
        default: throw .invalidURL("unknown setting \(name): \(shown)")
        }
    }

    mutating func takePath() throws(RabbitMQError) -> String {
        guard let slash = rest.firstIndex(of: "/") else { return "/" }
        let path = rest[rest.index(after: slash)...]
        rest = rest[..<slash]
        if path.contains("/") { throw .invalidURL("write a slash in the virtual host as %2F: \(shown)") }
        return path.isEmpty ? "/" : try decoded(path)
    }

    mutating func takeUser() throws(RabbitMQError) -> (String, String) {
        guard let at = rest.lastIndex(of: "@") else { return ("guest", "guest") }
        let sides = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        rest = rest[rest.index(after: at)...]
        return (try decoded(sides[0]), sides.count > 1 ? try decoded(sides[1]) : "")
    }

    func takeHost(defaultPort: Int) throws(RabbitMQError) -> (String, Int) {
        var host = rest
        var port = defaultPort
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            guard let number = UInt16(rest[rest.index(after: colon)...]), number > 0 else {
                throw .invalidURL("port out of range: \(shown)")
            }
            (host, port) = (rest[..<colon], Int(number))
        }
        if host.hasPrefix("[") && host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.isEmpty { throw .invalidURL("no host: \(shown)") }
        return (try decoded(host), port)
    }

    private func decoded(_ text: Substring) throws(RabbitMQError) -> String {
        var bytes: [UInt8] = []
        var input = text.utf8.makeIterator()
        while let byte = input.next() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else if let high = hexValue(input.next()), let low = hexValue(input.next()) {
                bytes.append(high << 4 | low)
            } else {
                throw .invalidURL("broken percent escape: \(shown)")
            }
        }
        guard let string = String(validating: bytes, as: UTF8.self) else { throw .invalidURL("not UTF-8: \(shown)") }
        return string
    }

    private func hexValue(_ byte: UInt8?) -> UInt8? {
        byte.flatMap { Character(Unicode.Scalar($0)).hexDigitValue }.map(UInt8.init)
    }
}
