import Consuming
import Logging
import Storage
import Testing

@Suite("Batches in transactions") struct BatchRunnerTests {
    typealias Outcome = BatchRunner<FakeTransaction>.Outcome

    private static func run(
        _ transaction: FakeTransaction, _ items: [Int] = Array(1...20), atMost limit: Int = .max
    ) async throws -> Outcome {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try #require(await BatchRunner(transaction, kind: "test", logger: logger).run(items, atMost: limit))
    }

    @Test("A batch without faults takes one transaction, and no items take none")
    func whole() async throws {
        let transaction = FakeTransaction()
        #expect(try await Self.run(transaction).values == [Array(1...20)])
        #expect(transaction.transactions == 1)
        #expect(try await Self.run(transaction, []).values.isEmpty)
        #expect(transaction.transactions == 1)
    }

    @Test("A limit splits a batch into transactions, in order")
    func limit() async throws {
        let outcome = try await Self.run(FakeTransaction(), Array(1...7), atMost: 3)
        #expect(outcome.values == [[1, 2, 3], [4, 5, 6], [7]])
    }

    @Test(
        "Only the items that the database refuses fail, and every other is done once",
        arguments: [[7], [1, 20], [4, 5, 6]])
    func refused(items: [Int]) async throws {
        let transaction = FakeTransaction(refused: Set(items))
        let outcome = try await Self.run(transaction)
        #expect(outcome.failed.map(\.item) == items)
        #expect(outcome.failed.allSatisfy { $0.reason.contains("23514") })
        #expect(transaction.committed == (1...20).filter { !items.contains($0) })
        #expect(outcome.postponed.isEmpty)
    }

    @Test("A fault of the database is waited out, and nothing fails or is done twice")
    func away() async throws {
        let transaction = FakeTransaction(faults: [.away, .away])
        let outcome = try await Self.run(transaction)
        #expect(outcome.values == [Array(1...20)] && transaction.transactions == 3 && outcome.failed.isEmpty)
    }

    @Test("A collision is tried again three times, and then halves the batch", arguments: [3, 4])
    func collisions(count: Int) async throws {
        let transaction = FakeTransaction(faults: Array(repeating: .collision, count: count))
        let outcome = try await Self.run(transaction)
        #expect(outcome.values.count == (count == 3 ? 1 : 2) && outcome.failed.isEmpty)
        #expect(transaction.committed == Array(1...20))
    }

    @Test("Items whose rows another session holds are postponed, and the others are done", arguments: [true, false])
    func held(knowsLocks: Bool) async throws {
        let transaction = FakeTransaction(held: [3, 19], knowsLocks: knowsLocks)
        let outcome = try await Self.run(transaction)
        #expect(outcome.postponed == [3, 19] && outcome.failed.isEmpty)
        #expect(transaction.committed == (1...20).filter { $0 != 3 && $0 != 19 })
        #expect(!knowsLocks || transaction.transactions == 2)
    }

    @Test("Held and refused items keep neither each other nor the rest")
    func mixed() async throws {
        let transaction = FakeTransaction(refused: [2, 3], held: [3, 9])
        let outcome = try await Self.run(transaction)
        #expect(outcome.failed.map(\.item) == [2] && Set(outcome.postponed) == [3, 9])
        #expect(transaction.committed.count == 17)
    }

    @Test("A cancelled task gives up while the database is away")
    func cancelled() async {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let transaction = FakeTransaction(faults: Array(repeating: .away, count: 1_000))
        let task = Task { await BatchRunner(transaction, kind: "test", logger: logger).run([1]) == nil }
        task.cancel()
        #expect(await task.value)
        #expect(transaction.committed.isEmpty)
    }

    @Test("Random faults leave every item done once, failed, or postponed")
    func random() async throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let items = Array(1...Int.random(in: 1...40, using: &generator))
            let refused = Set(items.filter { _ in Int.random(in: 0..<8, using: &generator) == 0 })
            let held = Set(items.filter { _ in Int.random(in: 0..<8, using: &generator) == 0 })
            let transaction = FakeTransaction(refused: refused, held: held, knowsLocks: .random())
            let outcome = try await Self.run(transaction, items, atMost: 16)
            let all = transaction.committed + outcome.failed.map(\.item) + outcome.postponed
            #expect(all.sorted() == items, "refused \(refused), held \(held)")
            #expect(outcome.postponed.allSatisfy(held.contains))
            #expect(outcome.failed.allSatisfy { refused.contains($0.item) })
        }
    }
}
