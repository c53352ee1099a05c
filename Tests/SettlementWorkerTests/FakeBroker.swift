import Consuming
import PaymentLinks
import RabbitMQ
import SettlementWorker
import Synchronization

/// A broker in memory that writes down what it is told, in order.
final class FakeBroker: DeliverySource, MessageSink {
    enum Word: Hashable {
        /// Routing keys of one publish.
        case published([String])
        case acknowledged(upTo: UInt64)
    }

    private struct State {
        var batches: [[Delivery]]
        var failures: [[Int: RabbitMQError]]
        var words: [Word] = []
        var messages: [OutgoingMessage] = []
    }

    private let state: Mutex<State>

    /// - Parameter failures: by publish, the errors of the messages at these places; afterwards all goes well.
    init(batches: [[Delivery]], failures: [[Int: RabbitMQError]] = []) {
        state = Mutex(State(batches: batches, failures: failures))
    }

    var words: [Word] { state.withLock { $0.words } }
    /// Every message that was confirmed.
    var messages: [OutgoingMessage] { state.withLock { $0.messages } }

    func nextBatch() async -> [Delivery]? {
        state.withLock { $0.batches.isEmpty ? nil : $0.batches.removeFirst() }
    }

    func stopTaking() {
        state.withLock { $0.batches = [] }
    }

    func acknowledge(upTo tag: DeliveryTag) {
        state.withLock { $0.words.append(.acknowledged(upTo: tag.number)) }
    }

    func publish(_ batch: [OutgoingMessage]) async -> [Result<Void, RabbitMQError>] {
        state.withLock { state in
            state.words.append(.published(batch.map(\.routingKey)))
            let failures = state.failures.isEmpty ? [:] : state.failures.removeFirst()
            return batch.enumerated().map { index, message in
                if let error = failures[index] { return .failure(error) }
                state.messages.append(message)
                return .success(())
            }
        }
    }
}
