import Jobs
import PaymentLinks
import Synchronization
import Testing

@Suite("Where answers are waited for", .timeLimit(.minutes(1)))
struct ReplyBoardTests {
    private let board = ReplyBoard()
    private let deadline = ContinuousClock.now + .seconds(3600)

    private static func answer(_ text: String) -> ReplyBoard.Answer {
        .claim(.init(outcome: .refused(Refusal(code: .linkExpired, message: text, details: nil)), isReplayed: false))
    }

    private static func text(_ answer: ReplyBoard.Answer?) -> String? {
        if case .claim(let reply)? = answer, case .refused(let refusal) = reply.outcome { refusal.message } else { nil }
    }

    /// Does something again and again until the board holds no job any more.
    private func repeatUntilEmpty(_ action: () -> Void) async {
        while board.count > 0 {
            action()
            await Task.yield()
        }
    }

    @Test("An answer may come before anyone waits")
    func before() async {
        board.expect(1)
        board.post(Self.answer("a"), for: 1)
        #expect(Self.text(await board.answer(to: 1, until: deadline)) == "a")
        #expect(board.count == 0)
    }

    @Test("An answer may come after the wait began")
    func after() async {
        board.expect(1)
        async let answer = board.answer(to: 1, until: deadline)
        for _ in 0..<1_000 { await Task.yield() }
        board.post(Self.answer("a"), for: 1)
        #expect(Self.text(await answer) == "a")
        #expect(board.count == 0)
    }

    @Test("Answers go to their own jobs")
    func ownJobs() async {
        board.expect(1)
        board.expect(2)
        board.post(Self.answer("two"), for: 2)
        board.post(Self.answer("one"), for: 1)
        #expect(Self.text(await board.answer(to: 1, until: deadline)) == "one")
        #expect(Self.text(await board.answer(to: 2, until: deadline)) == "two")
    }

    @Test("Of two answers to one job the first counts, and answers that nobody asked for leave nothing behind")
    func surplus() async {
        board.expect(1)
        board.post(Self.answer("a"), for: 1)
        board.post(Self.answer("b"), for: 1)
        board.post(Self.answer("c"), for: 2)
        #expect(Self.text(await board.answer(to: 1, until: deadline)) == "a")
        #expect(board.count == 0)
        #expect(await board.answer(to: 2, until: deadline) == nil)
    }

    @Test("A wait ends at its deadline and not before")
    func sweeping() async {
        board.expect(1)
        board.expect(2)
        async let first = board.answer(to: 1, until: deadline)
        async let second = board.answer(to: 2, until: deadline + .seconds(1))
        for _ in 0..<1_000 { await Task.yield() }
        board.sweep(at: deadline - .nanoseconds(1))
        #expect(board.count == 2)
        while board.count == 2 {
            board.sweep(at: deadline)
            await Task.yield()
        }
        #expect(await first == nil)
        board.post(Self.answer("late"), for: 1)
        board.post(Self.answer("in time"), for: 2)
        #expect(Self.text(await second) == "in time")
        #expect(board.count == 0)
    }

    @Test("A job that was forgotten is not waited for, and its answer is not kept")
    func forget() async {
        board.expect(1)
        board.forget(1)
        board.post(Self.answer("a"), for: 1)
        #expect(board.count == 0)
        #expect(await board.answer(to: 1, until: deadline) == nil)
    }

    @Test("Only one waits for a job")
    func secondWaiter() async {
        board.expect(1)
        async let first = board.answer(to: 1, until: deadline)
        for _ in 0..<1_000 { await Task.yield() }
        let second = await board.answer(to: 1, until: deadline - .seconds(3600))
        board.post(Self.answer("a"), for: 1)
        board.endAll()
        let texts = [Self.text(await first), Self.text(second)]
        #expect(texts == ["a", nil])
    }

    @Test("At the end everyone who waits is let go")
    func endAll() async {
        for job in 1...10 as ClosedRange<UInt128> { board.expect(job) }
        await withTaskGroup(of: ReplyBoard.Answer?.self) { group in
            for job in 1...10 as ClosedRange<UInt128> {
                group.addTask { await board.answer(to: job, until: deadline) }
            }
            await repeatUntilEmpty { board.endAll() }
            for await answer in group { #expect(answer == nil) }
        }
    }

    @Test("Whoever begins to wait after the end is let go at once, but gets an answer that is there")
    func waitAfterTheEnd() async {
        board.expect(1)
        board.expect(2)
        board.post(Self.answer("a"), for: 2)
        board.endAll()
        #expect(await board.answer(to: 1, until: deadline) == nil)
        #expect(Self.text(await board.answer(to: 2, until: deadline)) == "a")
        #expect(board.count == 0)
    }

    private final class Endings: Sendable {
        let byJob = Mutex<[UInt128: [String?]]>([:])
    }

    @Test(
        "In any order of waits, answers, sweeps and forgetting, each wait ends once, and with its own answer",
        arguments: 0..<50)
    func randomOrders(run: Int) async {
        let (board, deadline) = (board, deadline)
        let jobs = (0..<40).map { UInt128($0) }
        let endings = Endings()
        for job in jobs { board.expect(job) }
        await withTaskGroup(of: Void.self) { group in
            for job in jobs {
                let until = Bool.random() ? deadline : deadline - .seconds(7200)
                group.addTask {
                    let text = ReplyBoardTests.text(await board.answer(to: job, until: until))
                    endings.byJob.withLock { $0[job, default: []].append(text) }
                }
                group.addTask { if Int.random(in: 0..<4) > 0 { board.post(Self.answer("\(job)"), for: job) } }
                group.addTask { board.sweep(at: .now) }
            }
            group.addTask {
                while endings.byJob.withLock({ $0.count }) < jobs.count {
                    board.sweep(at: deadline)
                    await Task.yield()
                }
            }
        }
        let ended = endings.byJob.withLock { $0 }
        #expect(ended.count == jobs.count && ended.values.allSatisfy { $0.count == 1 })
        for (job, texts) in ended { #expect(texts == [nil] || texts == ["\(job)"]) }
        #expect(board.count == 0)
    }
}
