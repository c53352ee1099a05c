import Foundation
import Jobs
import PaymentLinks
import RabbitMQ
import Sealing
import SettlementWorker
import Testing

@Suite("The documented settlement messages")
struct DocumentationTests {
    @Test("The documented settlement is read, and opens with the documented key")
    func settlement() throws {
        let sealer = DestinationSealer(ring: try KeyRing([(name: "example", key: Array(0..<32))]))
        let reader = SettlementReader(method: .ach) { try sealer.open($0, for: $1) }
        let delivery = Sample.delivery(try Self.example(0), number: 1)
        #expect(try reader.read(delivery).destination == Sample.bankAccount("1234567890"))
    }

    @Test("The documented settlement has the fields that the system writes, in their order")
    func settlementFields() throws {
        let example = try Self.example(0)
        let written = try SettlementMessage.decode(Array(example.utf8)).messageBody
        #expect(Self.withoutSpaces(written) == Self.withoutSpaces(example))
    }

    @Test("The documented outcome is read, and written just so")
    func outcome() throws {
        let example = try Self.example(1)
        let outcome = try OutcomeMessage.decode(Array(example.utf8))
        #expect(outcome.kind == .returned)
        #expect(outcome.reason == ACHReturn.reason("R01"))
        let written = String(decoding: OutcomeMessage.encode(outcome), as: UTF8.self)
        #expect(Self.withoutSpaces(written) == Self.withoutSpaces(example))
    }

    @Test("The documented queues, exchanges and keys are those of the topology")
    func names() throws {
        let page = try Self.page()
        let topology = JobTopology(prefix: "").topology
        let queues: Set = ["settlements.ach", "settlements.usdc", "settlement-outcomes"]
        let bindings = topology.bindings.filter { queues.contains($0.queue) }
        #expect(bindings.count == queues.count)
        for binding in bindings {
            #expect(page.contains("| `\(binding.exchange)` | `\(binding.routingKey)` | `\(binding.queue)` |"))
        }
    }

    /// The JSON blocks of the page, by their order.
    private static func example(_ index: Int) throws -> String {
        let blocks = try page().split(separator: "```json\n").dropFirst().map { $0.prefix { $0 != "`" } }
        return String(try #require(blocks.indices.contains(index) ? blocks[index] : nil))
    }

    private static func page() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        return try String(contentsOf: root.appending(path: "docs/settlement-messages.md"), encoding: .utf8)
    }

    private static func withoutSpaces(_ json: String) -> String {
        json.filter { !$0.isWhitespace }
    }
}
