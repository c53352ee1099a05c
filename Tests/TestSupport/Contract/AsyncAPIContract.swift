/// Holds messages against `asyncapi.yaml`: type and body.
package struct AsyncAPIContract: Sendable {
    /// The repository's own, read once.
    package static let current = Result { AsyncAPIContract(try YAMLDocument.read("asyncapi.yaml")) }

    private let document: JSONValue
    /// The names of messages, by the AMQP type that each is sent under.
    private let names: [String: String]

    package init(_ document: JSONValue) {
        self.document = document
        let messages = document["components"]["messages"]
        let types = messages.names.compactMap { name in
            messages[name]["bindings"]["amqp"]["messageType"].string.map { (type: $0, name: name) }
        }
        names = Dictionary(types.map { ($0.type, $0.name) }) { first, _ in first }
    }

    /// The types of all documented messages.
    package var types: Set<String> { Set(names.keys) }

    /// Everything that is wrong with a message of this type.
    package func problems(with body: [UInt8], ofType type: String?) -> [String] {
        guard let name = type.flatMap({ names[$0] }) else { return ["the type \(type ?? "none") is not documented"] }
        guard let value = try? JSONValue(body) else { return ["the body is not JSON"] }
        return JSONSchema(document["components"]["messages"][name]["payload"], in: document).problems(with: value)
    }

    /// The documented messages of a channel, by the channel's address; the events' has a parameter for an address.
    package func types(on address: String) -> Set<String> {
        let channels = document["channels"]
        let channel = channels.names.map { channels[$0] }.first { $0["address"].string == address } ?? .null
        return Set(
            channel["messages"].names.compactMap { name in
                document.target(of: channel["messages"][name]["$ref"].string ?? "")["bindings"]["amqp"]["messageType"]
                    .string
            })
    }
}
