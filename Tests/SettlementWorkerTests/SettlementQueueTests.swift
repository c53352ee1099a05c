import Consuming
import CoreMetrics
import Jobs
import Logging
import PaymentLinks
import RabbitMQ
import ServiceHost
import SettlementWorker
import Synchronization
import Testing

@Suite("A rail's queue")
struct SettlementQueueTests {
    @Test("A batch is acknowledged with one word once everything is confirmed")
    func acknowledged() async throws {
        let broker = FakeBroker(batches: [try Self.deliveries(1...3), try Self.deliveries(4...4)])
        try await run(broker)
        #expect(
            broker.words == [
                .published(["outcome"]), .acknowledged(upTo: 3), .published(["outcome"]), .acknowledged(upTo: 4),
            ])
        let outcomes = try broker.outcomes()
        #expect(outcomes.map(\.settlementId.bits) == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(outcomes.map(\.kind) == Array(repeating: [.submitted, .settled], count: 4).flatMap(\.self))
    }

    @Test("What cannot be read goes to the dead letters with its reason, and its neighbours are settled")
    func deadLetters() async throws {
        let bad = Sample.delivery("{", number: 2)
        let broker = FakeBroker(batches: [try Self.deliveries(1...1) + [bad] + Self.deliveries(3...3)])
        try await run(broker)
        let dead = "settlements.ach.dead"
        #expect(
            broker.words == [
                .published(["outcome"]), .published([dead]), .acknowledged(upTo: 3),
            ])
        let letter = try #require(broker.messages.last)
        #expect(letter.body == bad.body)
        #expect(letter.headers[JobTopology.reasonHeader] != nil)
    }

    @Test("The log of a dead letter names its claim's request")
    func traced() async throws {
        let lines = Mutex<[String]>([])
        let bad = Sample.delivery("{", number: 1, headers: ["traceparent": .string("00-4bf9-00f0-01")])
        try await run(
            FakeBroker(batches: [[bad]]),
            logger: Logger(label: "test") { _ in
                LineLogHandler(role: "test", format: .json, level: .info) { line in lines.withLock { $0.append(line) } }
            })
        #expect(lines.withLock { $0.contains { $0.contains("00-4bf9-00f0-01") } })
    }

    @Test("A settlement that comes twice in one batch is answered once, and both deliveries are acknowledged")
    func repeated() async throws {
        let body = String(decoding: try #require(Self.deliveries(1...1).first).body, as: UTF8.self)
        let broker = FakeBroker(batches: [try Self.deliveries(1...1) + [Sample.delivery(body, number: 2)]])
        try await run(broker)
        #expect(broker.words == [.published(["outcome"]), .acknowledged(upTo: 2)])
        #expect(try broker.outcomes().count == 2)
    }

    @Test("Only what was not confirmed is published again, and nothing is acknowledged before")
    func retried() async throws {
        let broker = FakeBroker(
            batches: [try Self.deliveries(1...150)],
            failures: [[1: .nacked, 2: .outcomeUnknown], [0: .unavailable("gone")]])
        try await run(broker)
        #expect(
            broker.words == [
                .published(["outcome", "outcome", "outcome"]), .published(["outcome", "outcome"]),
                .published(["outcome"]), .acknowledged(upTo: 150),
            ])
        #expect(try broker.outcomes().count == 300)
    }

    @Test("A stop while outcomes are unconfirmed leaves the batch to the broker, and takes no other")
    func stopped() async throws {
        let broker = FakeBroker(
            batches: [try Self.deliveries(1...1), try Self.deliveries(2...2)], failures: [[0: .blocked]])
        try await run(broker, pause: .stopping)
        #expect(broker.words == [.published(["outcome"])])
    }

    @Test("A publisher that is shut down leaves the batch to the broker")
    func closed() async throws {
        let broker = FakeBroker(batches: [try Self.deliveries(1...1)], failures: [[0: .closed]])
        try await run(broker)
        #expect(broker.words == [.published(["outcome"])])
    }

    @Test("A rail that is not ready is offered the batch again")
    func railNotReady() async throws {
        let broker = FakeBroker(batches: [try Self.deliveries(1...1)])
        let rail = MoodyRail(refusals: 3)
        try await run(broker, rail: rail)
        #expect(rail.offers == 4)
        #expect(broker.words == [.published(["outcome"]), .acknowledged(upTo: 1)])
    }

    @Test("A stop while the rail is not ready leaves the batch to the broker")
    func stoppedRail() async throws {
        let broker = FakeBroker(batches: [try Self.deliveries(1...1)])
        try await run(broker, rail: MoodyRail(refusals: 3), pause: .stopping)
        #expect(broker.words.isEmpty)
    }

    @Test("A settlement that its rail leaves out is never acknowledged away: it becomes a dead letter")
    func silentRail() async throws {
        let broker = FakeBroker(batches: [try Self.deliveries(1...2)])
        let rail = BrokenRail { batch in batch.dropFirst().map { outcome(for: $0.id, .settled) } }
        try await run(broker, rail: rail)
        #expect(
            broker.words == [.published(["outcome"]), .published(["settlements.ach.dead"]), .acknowledged(upTo: 2)])
        #expect(broker.messages.last?.headers[JobTopology.reasonHeader] == .string("the rail gave no outcome"))
    }

    @Test("A settlement's outcomes share a message, where messages would be full in the midst of them too")
    func together() async throws {
        let broker = FakeBroker(batches: [try Self.deliveries(1...43)])
        let kinds: [SettlementOutcome.Kind] = [.submitted, .settled, .returned]
        let rail = BrokenRail { batch in batch.flatMap { one in kinds.map { outcome(for: one.id, $0) } } }
        try await run(broker, rail: rail)
        #expect(broker.words == [.published(["outcome", "outcome"]), .acknowledged(upTo: 43)])
        let messages = try broker.outcomesByMessage()
        #expect(messages.map(\.count) == [126, 3])
        #expect(Set(messages[0].map(\.settlementId)).isDisjoint(with: messages[1].map(\.settlementId)))
        #expect(messages.flatMap { $0.map(\.kind) } == Array(repeating: kinds, count: 43).flatMap(\.self))
    }

    @Test("Settlements whose outcomes can never be published become dead letters before the batch is acknowledged")
    func unpublishable() async throws {
        let broker = FakeBroker(
            batches: [try Self.deliveries(1...150)], failures: [[0: .invalidMessage("too long")]])
        let metrics = MetricsRegistry()
        try await withMetricsFactory(metrics) { try await run(broker) }
        #expect(metrics.text().contains("\npaylinks_settlements_dead_total{method=\"ach\"} 64\n"))
        let dead = broker.messages.filter { $0.routingKey == "settlements.ach.dead" }
        #expect(dead.count == 64)
        let reason = HeaderValue.string("the outcome exceeds the broker's limits")
        #expect(dead.allSatisfy { $0.headers[JobTopology.reasonHeader] == reason })
        #expect(broker.words.last == .acknowledged(upTo: 150))
        #expect(try broker.outcomes().count == 300 - 128)
    }

    private func run(
        _ broker: FakeBroker, rail: any Rail = SandboxRail(delay: .zero, pause: .none), pause: Pause = .none,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        let account = try Sample.bankAccount("1234567890")
        let queue = SettlementQueue(
            method: .ach, source: broker, sink: broker, rail: rail, open: { _, _ in account },
            topology: JobTopology(prefix: ""), pause: pause, logger: logger)
        await queue.run()
    }

    private static func deliveries(_ numbers: ClosedRange<Int>) throws -> [Delivery] {
        let account = try Sample.bankAccount("1234567890")
        return numbers.map { number in
            Sample.delivery(
                Sample.settlement(number, paidFrom: account).request.messageBody, number: UInt64(number))
        }
    }
}

extension FakeBroker {
    /// Every outcome that was confirmed, in order, whether it travelled alone or among others.
    fileprivate func outcomes() throws -> [SettlementOutcome] { try outcomesByMessage().flatMap(\.self) }

    fileprivate func outcomesByMessage() throws -> [[SettlementOutcome]] {
        try messages.filter { $0.routingKey == "outcome" }.map { message in
            try Delivery(body: message.body, tag: DeliveryTag(number: 1, generation: 1)).jobs()
                .map { try OutcomeMessage.decode($0.get().body, .none) }
        }
    }
}

/// Takes a batch on only after it has refused so often.
final class MoodyRail: Rail {
    private let refusals: Int
    private let count = Mutex(0)

    init(refusals: Int) {
        self.refusals = refusals
    }

    var offers: Int { count.withLock(\.self) }

    func submit(_ batch: [OpenedSettlement]) async throws(RailNotReady) -> [SettlementOutcome] {
        let offer = count.withLock { count in
            count += 1
            return count
        }
        guard offer > refusals else { throw RailNotReady("not in the mood") }
        return try await SandboxRail(delay: .zero, pause: .none).submit(batch)
    }
}
