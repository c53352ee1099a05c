/// The exchanges, queues and bindings that a client counts on.
///
/// It is declared on every connection. Declaring what exists with the same settings changes nothing; with other
/// settings the broker refuses (406 PRECONDITION_FAILED).
package struct Topology: Sendable, Hashable {
    package struct Exchange: Sendable, Hashable {
        package enum Kind: String, Sendable {
            case direct, topic, fanout
        }

        package var name: String
        package var kind: Kind
        package var isDurable: Bool

        package init(name: String, kind: Kind, isDurable: Bool = true) {
            self.name = name
            self.kind = kind
            self.isDurable = isDurable
        }
    }

    package struct Queue: Sendable, Hashable {
        package var name: String
        package var isDurable: Bool
        package var isExclusive: Bool
        package var isAutoDelete: Bool
        package var arguments: [String: HeaderValue]

        package init(
            name: String, isDurable: Bool = true, isExclusive: Bool = false, isAutoDelete: Bool = false,
            arguments: [String: HeaderValue] = [:]
        ) {
            self.name = name
            self.isDurable = isDurable
            self.isExclusive = isExclusive
            self.isAutoDelete = isAutoDelete
            self.arguments = arguments
        }
    }

    package struct Binding: Sendable, Hashable {
        package var queue: String
        package var exchange: String
        package var routingKey: String

        package init(queue: String, exchange: String, routingKey: String) {
            self.queue = queue
            self.exchange = exchange
            self.routingKey = routingKey
        }
    }

    package var exchanges: [Exchange]
    package var queues: [Queue]
    package var bindings: [Binding]

    package init(exchanges: [Exchange] = [], queues: [Queue] = [], bindings: [Binding] = []) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
    }
}

/// A value in a message's headers or among a queue's arguments.
package enum HeaderValue: Sendable, Hashable {
    case string(String)
    case int64(Int64)
    case bool(Bool)
}
