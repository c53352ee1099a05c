import Consuming
import Jobs
import PaymentLinks
import RabbitMQ

/// A batch of deliveries: those that the rail can act on, and dead letters.
struct SettlementBatch {
    /// The most outcomes that travel in one message, unless one settlement has more.
    private static let outcomesPerMessage = 128

    private struct Readable {
        let delivery: Delivery
        let settlement: OpenedSettlement
    }

    private var readable: [Readable] = []
    private(set) var deadLetters: [DeadLetter] = []
    private var outcomes: [ClaimID: [SettlementOutcome]] = [:]

    /// A settlement that comes twice in one batch is offered and answered once; both deliveries are acknowledged.
    init(_ deliveries: [Delivery], reader: SettlementReader) {
        var seen: Set<ClaimID> = []
        for delivery in deliveries {
            do throws(UnreadableMessage) {
                let settlement = try reader.read(delivery)
                guard seen.insert(settlement.id).inserted else { continue }
                readable.append(Readable(delivery: delivery, settlement: settlement))
            } catch {
                deadLetters.append(DeadLetter(delivery: delivery, reason: error.description))
            }
        }
    }

    var settlements: [OpenedSettlement] { readable.map(\.settlement) }

    /// Takes the rail's outcomes. A bank debit that the rail left out becomes a dead letter rather than be forgotten.
    /// An offer needs no word: its payment may never come.
    mutating func answer(with outcomes: [SettlementOutcome]) {
        self.outcomes = Dictionary(grouping: outcomes, by: \.settlementId)
        let silent = readable.filter { one in
            one.settlement.request.method != .usdc && self.outcomes[one.settlement.id] == nil
        }
        deadLetters += silent.map { DeadLetter(delivery: $0.delivery, reason: "the rail gave no outcome") }
    }

    /// The outcomes, to publish before the batch may be acknowledged.
    ///
    /// - Parameter mac: an outcome's MAC, if its rail has a key.
    func items(
        _ topology: JobTopology, mac: (SettlementOutcome) -> String?
    ) -> [UnconfirmedBatch<DeliveryTag>.Item] {
        answersByMessage().map { answers in
            .init(message: topology.message(answers.flatMap(\.outcomes), mac: mac), ids: answers.map(\.tag))
        }
    }

    /// Makes dead letters of the deliveries whose outcomes can never be published.
    mutating func bury(_ tags: Set<DeliveryTag>) {
        let reason = "the outcome exceeds the broker's limits"
        deadLetters += readable.filter { tags.contains($0.delivery.tag) }
            .map { DeadLetter(delivery: $0.delivery, reason: reason) }
    }

    /// The rail's words on one settlement.
    private struct Answer {
        let outcomes: [SettlementOutcome]
        let tag: DeliveryTag
    }

    /// Words on one settlement share a message, for several workers may decide messages in any order.
    private func answersByMessage() -> [[Answer]] {
        var messages: [[Answer]] = []
        var room = 0
        for one in readable {
            guard let outcomes = outcomes[one.settlement.id] else { continue }
            let answer = Answer(outcomes: outcomes, tag: one.delivery.tag)
            if outcomes.count <= room {
                messages[messages.count - 1].append(answer)
            } else {
                messages.append([answer])
                room = Self.outcomesPerMessage
            }
            room -= outcomes.count
        }
        return messages
    }
}
