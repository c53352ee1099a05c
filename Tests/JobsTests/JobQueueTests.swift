import Jobs
import PaymentLinks
import Synchronization
import Testing
import Threading

@Suite("Where jobs gather on their way out", .timeLimit(.minutes(1)))
struct JobQueueTests {
    private let later = ContinuousClock.now + .seconds(3600)

    private func offer(_ numbers: some Sequence<Int>, to queue: JobQueue) -> Bool {
        queue.offer(Sample.jobs(numbers), takeBy: later)
    }

    private func numbers(_ jobs: [OutgoingJob]?) -> [Int]? { jobs?.map { Int($0.id.bits) } }

    private func next(_ queue: JobQueue) async -> [Int]? { numbers(await queue.next()) }

    @Test("A job that finds a sender idle goes out at once and alone")
    func alone() async {
        let queue = JobQueue(capacity: 10, batchLimit: 10)
        for number in 1...3 {
            async let taken = next(queue)
            for _ in 0..<100 { await Task.yield() }
            #expect(offer([number], to: queue))
            #expect(await taken == [number])
        }
    }

    @Test("While every sender is busy jobs gather, and go out together in their order")
    func gathering() async {
        let queue = JobQueue(capacity: 10, batchLimit: 10)
        for number in 1...5 { #expect(offer([number], to: queue)) }
        #expect(await next(queue) == [1, 2, 3, 4, 5])
    }

    @Test("A message holds no more than its limit; the rest is the next one")
    func messageLimit() async {
        let queue = JobQueue(capacity: 10, batchLimit: 2)
        #expect(offer(1...5, to: queue))
        for expected in [[1, 2], [3, 4], [5]] { #expect(await next(queue) == expected) }
    }

    @Test("Jobs that come at once go to as many idle senders as they fill messages for")
    func severalSenders() async {
        let queue = JobQueue(capacity: 10, batchLimit: 2)
        async let first = next(queue)
        async let second = next(queue)
        for _ in 0..<1_000 { await Task.yield() }
        #expect(offer(1...3, to: queue))
        let messages = await [first, second].compactMap(\.self)
        #expect(Set(messages) == [[1, 2], [3]])
    }

    @Test("What is beyond the bound is refused, all of it, until there is room again")
    func bound() async {
        let queue = JobQueue(capacity: 3, batchLimit: 2)
        #expect(offer([1, 2], to: queue))
        #expect(!offer([3, 4], to: queue), "one would fit, but both were offered")
        #expect(offer([5], to: queue))
        #expect(!offer([6], to: queue))
        #expect(await next(queue) == [1, 2])
        #expect(offer([7, 8], to: queue))
        #expect(await next(queue) == [5, 7])
        #expect(await next(queue) == [8])
    }

    @Test("Jobs that no sender took in time are taken out at their time and not before")
    func expiry() async {
        let queue = JobQueue(capacity: 10, batchLimit: 10)
        for number in 1...3 {
            #expect(queue.offer(Sample.jobs([number]), takeBy: later + .seconds(number)))
        }
        #expect(queue.expire(at: later + .seconds(1) - .nanoseconds(1)).isEmpty)
        #expect(numbers(queue.expire(at: later + .seconds(2))) == [1, 2])
        #expect(queue.expire(at: later + .seconds(2)).isEmpty)
        #expect(await next(queue) == [3])
        #expect(queue.expire(at: later + .seconds(9)).isEmpty)
    }

    @Test("A closed queue takes no more; senders get what is left, and then are told that it is over")
    func closing() async {
        let queue = JobQueue(capacity: 10, batchLimit: 2)
        #expect(offer(1...3, to: queue))
        queue.close()
        #expect(!offer([4], to: queue))
        for expected in [[1, 2], [3], nil, nil] { #expect(await next(queue) == expected) }
    }

    @Test("Closing lets go of every idle sender, and may be done twice")
    func closingOnIdleSenders() async {
        let queue = JobQueue(capacity: 10, batchLimit: 2)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 { group.addTask { await queue.next() == nil } }
            for _ in 0..<1_000 { await Task.yield() }
            queue.close()
            queue.close()
            for await isOver in group { #expect(isOver) }
        }
    }

    private final class Left: Sendable {
        let jobs = Mutex<[Int]>([])
    }

    @Test("However many offer, take and let expire at once, every job leaves the queue once", arguments: 0..<10)
    func everyJobOnce(run: Int) async {
        let queue = JobQueue(capacity: 10_000, batchLimit: 7)
        let left = Left()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    while let jobs = await next(queue) {
                        #expect((1...7).contains(jobs.count))
                        left.jobs.withLock { $0 += jobs }
                    }
                }
            }
            await withTaskGroup(of: Void.self) { offers in
                for producer in 0..<8 {
                    offers.addTask {
                        for number in 0..<100 {
                            #expect(queue.offer(Sample.jobs([producer * 100 + number]), takeBy: .now))
                            if number % 10 == run {
                                let late = numbers(queue.expire(at: .now)) ?? []
                                left.jobs.withLock { $0 += late }
                            }
                            if number % 16 == 0 { await Task.yield() }
                        }
                    }
                }
            }
            queue.close()
        }
        #expect(left.jobs.withLock { $0.sorted() } == Array(0..<800))
    }
}
