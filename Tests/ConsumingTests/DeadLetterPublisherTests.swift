import Consuming
import Jobs
import Logging
import Metrics
import PaymentLinks
import RabbitMQ
import Synchronization
import Testing

@Suite("Dead letters") struct DeadLetterPublisherTests {
    /// Fails the first publishes as it is told, and keeps what it confirms.
    private final class Sink: MessageSink {
        private let state: Mutex<(failures: [[Int: RabbitMQError]], confirmed: [OutgoingMessage])>

        init(_ failures: [[Int: RabbitMQError]]) { state = Mutex((failures, [])) }

        var confirmed: [OutgoingMessage] { state.withLock { $0.confirmed } }

        func publish(_ batch: [OutgoingMessage]) async -> [Result<Void, RabbitMQError>] {
            state.withLock { state in
                let failures = state.failures.isEmpty ? [:] : state.failures.removeFirst()
                return batch.enumerated().map { index, message in
                    if let error = failures[index] { return .failure(error) }
                    state.confirmed.append(message)
                    return .success(())
                }
            }
        }
    }

    private static func letter(_ number: Int) -> DeadLetter {
        var properties = MessageProperties()
        properties.messageId = "m\(number)"
        properties.headers = ["own": .string("x")]
        let tag = DeliveryTag(number: UInt64(number), generation: 1)
        return DeadLetter(
            delivery: Delivery(body: Array("{\(number)}".utf8), tag: tag, properties: properties),
            reason: "reason \(number)")
    }

    private static func publish(_ sink: Sink, isStopping: Bool = false) async -> Bool {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let publisher = DeadLetterPublisher(
            sink: sink, topology: JobTopology(prefix: "p."), queue: "p.jobs.claim",
            pause: Pause(now: { .now() }, wait: { _ in !isStopping }), logger: logger,
            count: Counter(label: "dead"))
        return await publisher.publish([1, 2, 3].map(letter))
    }

    @Test("Each goes to its queue's dead letters with its reason, again until the broker has it")
    func reasons() async {
        let sink = Sink([[0: .nacked, 2: .unavailable("away")], [1: .blocked]])
        #expect(await Self.publish(sink))
        #expect(sink.confirmed.map(\.messageId).sorted { $0 ?? "" < $1 ?? "" } == ["m1", "m2", "m3"])
        for message in sink.confirmed {
            #expect(message.exchange == "p.dead-letters" && message.routingKey == "p.jobs.claim.dead")
            let number = message.messageId?.dropFirst() ?? ""
            #expect(message.headers[JobTopology.reasonHeader] == .string("reason \(number)"))
        }
    }

    @Test("One that breaks the protocol's limits goes without what its sender wrote beside the body")
    func bare() async {
        let sink = Sink([[1: .invalidMessage("too long")]])
        #expect(await Self.publish(sink))
        let bare = sink.confirmed.filter { $0.messageId == nil }
        #expect(bare.map(\.body) == [Array("{2}".utf8)] && bare.allSatisfy { $0.headers["own"] == nil })
        #expect(bare.first?.headers[JobTopology.reasonHeader] == .string("reason 2"))
    }

    @Test("A stop leaves the rest to the broker")
    func stopped() async {
        #expect(await !Self.publish(Sink([[0: .nacked]]), isStopping: true))
        #expect(await !Self.publish(Sink([[0: .closed]])))
        #expect(await Self.publish(Sink([]), isStopping: true))
    }
}
