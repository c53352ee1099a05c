package import PaymentLinks

/// Why a text is not the address of an endpoint.
package enum WebhookURLError: FieldProblem, Hashable {
    case tooLong
    case malformed
    case scheme(allowsHTTP: Bool)
    case userInfo
    case fragment
    case host
    case port
    case addressNotAllowed

    package var code: String {
        switch self {
        case .tooLong: "TOO_LONG"
        case .malformed, .host, .port: "INVALID_URL"
        case .scheme: "INVALID_SCHEME"
        case .userInfo: "USER_INFO_NOT_ALLOWED"
        case .fragment: "FRAGMENT_NOT_ALLOWED"
        case .addressNotAllowed: "ADDRESS_NOT_ALLOWED"
        }
    }

    package var message: String {
        switch self {
        case .tooLong: "Send an address of at most \(WebhookURL.lengthLimit) characters."
        case .malformed: "Send an absolute address, such as https://example.com/webhooks."
        case .scheme(let allowsHTTP):
            "Send an address that starts with \(allowsHTTP ? "https:// or http://" : "https://")."
        case .userInfo: "Send the address without a user name or password; deliveries are signed instead."
        case .fragment: "Send the address without the part behind #."
        case .host: "Send a host name, an IPv4 address of four decimal numbers, or an IPv6 address in brackets."
        case .port: "Send a port from 1 to 65535, or none."
        case .addressNotAllowed: "Send an address on the public internet."
        }
    }
}

/// The address of an endpoint: read strictly, so that no two programs can understand it differently.
package struct WebhookURL: Hashable, Sendable {
    /// Where deliveries go: a name that is looked up at each delivery, or an address.
    package enum Host: Hashable, Sendable {
        case name(String)
        case address(IPAddress)
    }

    package static let lengthLimit = 2048

    /// As the caller sent it.
    package let string: String
    package let isSecure: Bool
    package let host: Host
    package let port: Int
    /// The path and query, as they stand in the request line; never empty.
    package let target: String

    /// The `Host` field of a request: the port only where it is not the scheme's own. (RFC 9110, section 7.2)
    package var authority: String {
        port == Self.defaultPort(isSecure: isSecure) ? hostText : "\(hostText):\(port)"
    }

    /// The name to look up, ask for by SNI and find in the certificate; `nil` for an address.
    package var name: String? {
        if case .name(let name) = host { name } else { nil }
    }

    /// Reads an address that the policy does not refuse at first sight; names are judged by what they resolve to.
    package init(_ string: String, policy: AddressPolicy) throws(WebhookURLError) {
        guard string.utf8.count <= Self.lengthLimit else { throw .tooLong }
        guard string.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.refused.contains($0) }) else { throw .malformed }
        let (isSecure, rest) = try Self.splitScheme(string[...], allowsHTTP: policy.allowsLoopback)
        guard !rest.contains("#") else { throw .fragment }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw .userInfo }
        let (host, port) = try Self.splitPort(authority, defaultPort: Self.defaultPort(isSecure: isSecure))
        self.string = string
        self.isSecure = isSecure
        self.host = try Self.readHost(host)
        self.port = port
        target = rest[end...].first == "/" ? String(rest[end...]) : "/" + rest[end...]
        try check(policy)
    }

    private var hostText: String {
        switch host {
        case .name(let name): name
        case .address(let address): address.isIPv4 ? address.description : "[\(address)]"
        }
    }

    private func check(_ policy: AddressPolicy) throws(WebhookURLError) {
        switch host {
        case .address(let address):
            guard policy.allows(address) else { throw .addressNotAllowed }
        case .name(let name):
            guard policy.allowsLoopback || !Self.isLocal(name) else { throw .addressNotAllowed }
        }
    }

    /// Backslashes, quotes and brackets that some readers repair, each in a way of its own.
    private static let refused = Set("\\\"<>^`{|}".utf8)
}
