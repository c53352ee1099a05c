import Consuming
import RabbitMQ
import Testing

@Suite("A batch's unconfirmed messages")
struct UnconfirmedBatchTests {
    typealias Round = Result<Void, RabbitMQError>

    @Test("A batch without messages is done")
    func empty() {
        var batch = UnconfirmedBatch<Int>([])
        #expect(batch.record([]) == .done)
    }

    @Test("A batch is done when everything is confirmed")
    func confirmed() {
        var batch = Self.batch(of: 3)
        #expect(batch.record([.success(()), .success(()), .success(())]) == .done)
        #expect(batch.items.isEmpty)
    }

    @Test(
        "What was not confirmed is kept for another round, whatever the reason",
        arguments: [
            RabbitMQError.unavailable("gone"), .overloaded, .blocked, .nacked, .outcomeUnknown,
            .returned(replyCode: 312, replyText: "NO_ROUTE"), .server(code: 406, text: "PRECONDITION_FAILED"),
        ])
    func unconfirmed(error: RabbitMQError) {
        var batch = Self.batch(of: 3)
        #expect(batch.record([.success(()), .failure(error), .success(())]) == .retry(error))
        #expect(batch.items.flatMap(\.ids) == [1])
        #expect(batch.record([.success(())]) == .done)
    }

    @Test(
        "A publisher that is shut down ends it, whatever else happened",
        arguments: [RabbitMQError.closed, .cancelled])
    func closed(error: RabbitMQError) {
        var batch = Self.batch(of: 3)
        #expect(batch.record([.failure(.nacked), .failure(error), .failure(.nacked)]) == .giveBack)
    }

    @Test("A message that can never be published is set aside and does not hold the others")
    func unpublishable() {
        var batch = Self.batch(of: 2)
        #expect(batch.record([.failure(.invalidMessage("too long")), .success(())]) == .done)
        #expect(batch.takeUnpublishable() == [0])
        #expect(batch.takeUnpublishable().isEmpty)
    }

    private static func batch(of count: Int) -> UnconfirmedBatch<Int> {
        UnconfirmedBatch(
            (0..<count).map { index in
                UnconfirmedBatch<Int>.Item(
                    message: OutgoingMessage(exchange: "", routingKey: "\(index)", body: []),
                    ids: [index])
            })
    }
}
