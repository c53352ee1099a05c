/// Where the broker is, and how patiently to talk to it.
///
/// Made from one or more `amqp://` or `amqps://` addresses, which are tried in turn whenever a connection is needed.
/// Nothing prints a password: not this value, not its addresses, not an error made from them.
package struct RabbitMQConfiguration: Sendable {
    /// The addresses, in order of preference. Never empty.
    package let addresses: [BrokerAddress]
    /// What the broker's operator sees as this connection's name.
    package var connectionName = "paylinks"
    /// How often each side must be heard from; a peer silent for twice as long is taken for dead. Whole seconds.
    package var heartbeat: Duration = .seconds(10)
    /// The most that reaching one address may take, and that any one answer of the broker may take.
    package var connectTimeout: Duration = .seconds(5)
    /// The pause before the second round of attempts; it doubles from round to round.
    package var minimumBackoff: Duration = .milliseconds(50)
    /// The longest pause between two rounds of attempts.
    package var maximumBackoff: Duration = .seconds(2)

    /// Parses every address, or says which one is wrong, with its password left out.
    package init(urls: [String]) throws(RabbitMQError) {
        var addresses: [BrokerAddress] = []
        for url in urls { addresses.append(try BrokerAddress(url: url)) }
        guard !addresses.isEmpty else { throw .invalidURL("no address given") }
        self.addresses = addresses
    }

    /// The same for a text with commas, or white space, between the addresses.
    package init(list: String) throws(RabbitMQError) {
        try self.init(urls: list.split { $0 == "," || $0.isWhitespace }.map(String.init))
    }

    /// The same settings under another connection name.
    package func named(_ connectionName: String) -> RabbitMQConfiguration {
        var copy = self
        copy.connectionName = connectionName
        return copy
    }
}

/// One broker's address, with what it takes to log in.
package struct BrokerAddress: Sendable, Hashable {
    package let host: String
    package let port: Int
    package let virtualHost: String
    package let user: String
    let password: Secret
    /// How the connection is encrypted; `nil` for plain `amqp`.
    package let tls: TLS?

    /// How an `amqps` connection knows its peer.
    package struct TLS: Sendable, Hashable {
        /// The authority to trust, as a PEM file; the system's when `nil`.
        package var certificateAuthorityFile: String?
        /// Whether the certificate and the host's name in it are checked.
        package var verifiesPeer = true
    }

    /// A string that prints as asterisks, in reflection too.
    struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        let value: String
        var description: String { "***" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }

    init(host: String, port: Int, virtualHost: String, user: String, password: String, tls: TLS?) {
        self.host = host
        self.port = port
        self.virtualHost = virtualHost
        self.user = user
        self.password = Secret(value: password)
        self.tls = tls
    }
}

extension BrokerAddress: CustomStringConvertible {
    /// The address without its password, fit for logs.
    package var description: String {
        "\(tls == nil ? "amqp" : "amqps")://\(user)@\(host):\(port)/\(virtualHost)"
    }
}

extension RabbitMQConfiguration: CustomStringConvertible {
    package var description: String {
        "\(connectionName) at \(addresses.map(\.description).joined(separator: ", "))"
    }
}
