import Testing
import Threading

@Suite("Gathering queue")
struct GatheringQueueTests {
    private let later = ContinuousClock.now + .seconds(3600)

    @Test func `what gathers while nobody takes is taken together, up to the batch's limit`() async throws {
        let queue = GatheringQueue<Int>(capacity: 10, batchLimit: 3)
        for number in 0..<5 { #expect(queue.offer([number], takeBy: later)) }
        #expect(await queue.next() == [0, 1, 2])
        #expect(await queue.next() == [3, 4])
    }

    @Test func `what is taken together stays within the limit of weight, and what alone exceeds it goes alone`() async {
        let queue = GatheringQueue<Int>(capacity: 10, batchLimit: 4, weightLimit: 10) { $0 }
        #expect(queue.offer([4, 6, 1, 25, 10, 1, 1, 1, 1, 1], takeBy: later))
        var batches: [[Int]] = []
        for _ in 0..<6 { batches.append(await queue.next() ?? []) }
        #expect(batches == [[4, 6], [1], [25], [10], [1, 1, 1, 1], [1]])
    }

    @Test func `a worker that waits gets the first element at once`() async throws {
        let queue = GatheringQueue<Int>(capacity: 10, batchLimit: 3)
        async let batch = queue.next()
        #expect(queue.offer([1], takeBy: later))
        #expect(await batch == [1])
    }

    @Test func `there is room for all of an offer, or it is refused in whole`() async throws {
        let queue = GatheringQueue<Int>(capacity: 3, batchLimit: 3)
        #expect(queue.offer([1, 2], takeBy: later))
        #expect(!queue.offer([3, 4], takeBy: later))
        #expect(queue.offer([5], takeBy: later))
        #expect(await queue.next() == [1, 2, 5])
    }

    @Test func `what was not taken in time is given back, and nothing else`() async throws {
        let queue = GatheringQueue<Int>(capacity: 10, batchLimit: 10)
        let now = ContinuousClock.now
        #expect(queue.offer([1, 2], takeBy: now))
        #expect(queue.offer([3], takeBy: later))
        #expect(queue.expire(at: now) == [1, 2])
        #expect(queue.expire(at: now).isEmpty)
        #expect(await queue.next() == [3])
    }

    @Test func `once closed it refuses, gives what is left, and then ends every wait`() async throws {
        let queue = GatheringQueue<Int>(capacity: 10, batchLimit: 10)
        #expect(queue.offer([1], takeBy: later))
        queue.close()
        #expect(!queue.offer([2], takeBy: later))
        #expect(await queue.next() == [1])
        #expect(await queue.next() == nil)
        let empty = GatheringQueue<Int>(capacity: 10, batchLimit: 10)
        async let batch = empty.next()
        empty.close()
        #expect(await batch == nil)
    }

    @Test func `many workers and many who offer lose nothing and double nothing`() async throws {
        let queue = GatheringQueue<Int>(capacity: 100_000, batchLimit: 7)
        let later = later
        let taken = await withTaskGroup(of: [Int].self) { workers in
            for _ in 0..<4 {
                workers.addTask {
                    var taken: [Int] = []
                    while let batch = await queue.next() { taken += batch }
                    return taken
                }
            }
            await withTaskGroup(of: Bool.self) { offers in
                for first in stride(from: 0, to: 10_000, by: 100) {
                    offers.addTask { queue.offer(Array(first..<first + 100), takeBy: later) }
                }
                for await isTaken in offers { #expect(isTaken) }
            }
            queue.close()
            return await workers.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.sorted() == Array(0..<10_000))
    }
}
