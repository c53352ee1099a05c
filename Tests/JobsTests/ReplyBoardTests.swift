import Jobs
import PaymentLinks
import Synchronization
import Testing

@Suite("Where jobs are waited for", .timeLimit(.minutes(1)))
struct ReplyBoardTests {
    /// A verdict in a form that can be compared.
    private enum Ending: Hashable {
        case answered(String?)
        case accepted
        case failed(JobError)

        init(_ verdict: ReplyBoard.Verdict) {
            switch verdict {
            case .answered(.claim(let reply)):
                if case .refused(let refusal) = reply.outcome { self = .answered(refusal.message) } else { fallthrough }
            case .answered(.creation): self = .answered(nil)
            case .accepted: self = .accepted
            case .failed(let error): self = .failed(error)
            }
        }
    }

    private let board = ReplyBoard()
    private let deadline = ContinuousClock.now + .seconds(3600)

    private static func id(_ number: Int) -> ULID { ULID(bits: UInt128(number)) }

    private static func answer(_ job: Int, _ text: String) -> (jobId: ULID, answer: ReplyBoard.Answer) {
        let refusal = Refusal(code: .linkExpired, message: text, details: nil)
        return (id(job), .claim(.init(outcome: .refused(refusal), isReplayed: false)))
    }

    private func ending(
        of job: Int, until deadline: ContinuousClock.Instant?, confirmBy: ContinuousClock.Instant? = nil,
        send: () -> Void = {}
    ) async -> Ending {
        let verdict = await withCheckedContinuation { continuation in
            let isExpected = board.expect(
                Self.id(job), until: deadline, confirmBy: confirmBy ?? self.deadline + .seconds(36_000),
                { continuation.resume(returning: $0) })
            if isExpected { send() }
        }
        return Ending(verdict)
    }

    /// Waits until so many jobs are waited for.
    private func untilWaiting(_ count: Int) async {
        while board.count != count { await Task.yield() }
    }

    // MARK: - Answers

    @Test("An answer may come as soon as the job is sent, before the broker's confirm")
    func beforeTheConfirm() async {
        let ending = await ending(of: 1, until: deadline) {
            board.post([Self.answer(1, "a")])
            board.confirm([Self.id(1)])
        }
        #expect(ending == .answered("a"))
        #expect(board.count == 0)
    }

    @Test("An answer may come long after the confirm")
    func after() async {
        async let ending = ending(of: 1, until: deadline)
        await untilWaiting(1)
        board.confirm([Self.id(1)])
        #expect(board.count == 1)
        board.post([Self.answer(1, "a")])
        #expect(await ending == .answered("a"))
        #expect(board.count == 0)
    }

    @Test("Answers go to their own jobs")
    func ownJobs() async {
        async let first = ending(of: 1, until: deadline)
        async let second = ending(of: 2, until: deadline)
        await untilWaiting(2)
        board.post([Self.answer(2, "two"), Self.answer(1, "one")])
        #expect(await first == .answered("one"))
        #expect(await second == .answered("two"))
    }

    @Test("Of two answers to one job the first counts, and answers that nobody asked for leave nothing behind")
    func surplus() async {
        let ending = await ending(of: 1, until: deadline) {
            board.post([Self.answer(1, "a"), Self.answer(1, "b"), Self.answer(2, "c")])
        }
        #expect(ending == .answered("a"))
        #expect(board.count == 0)
        #expect(await self.ending(of: 2, until: nil) { board.confirm([Self.id(2)]) } == .accepted)
    }

    @Test("Only one waits for a job: a second is told at once, and sends nothing")
    func secondWaiter() async {
        async let first = ending(of: 1, until: deadline)
        await untilWaiting(1)
        let second = await ending(of: 1, until: deadline) { Issue.record("the job was sent twice") }
        #expect(second == .failed(.queueUnavailable))
        board.post([Self.answer(1, "a")])
        #expect(await first == .answered("a"))
    }

    // MARK: - Confirms and failures

    @Test("Where no answer is asked for, the confirm is the end, and an earlier answer is told all the same")
    func withoutWait() async {
        #expect(await ending(of: 1, until: nil) { board.confirm([Self.id(1)]) } == .accepted)
        #expect(await ending(of: 2, until: nil) { board.post([Self.answer(2, "a")]) } == .answered("a"))
        #expect(board.count == 0)
    }

    @Test("A failure ends the waits of its jobs alone, with its reason")
    func failure() async {
        async let failed = ending(of: 1, until: deadline)
        async let unasked = ending(of: 2, until: nil)
        async let other = ending(of: 3, until: deadline)
        await untilWaiting(3)
        board.fail([Self.id(1), Self.id(2), Self.id(9)], .overloaded)
        #expect(await failed == .failed(.overloaded))
        #expect(await unasked == .failed(.overloaded))
        #expect(board.count == 1)
        board.post([Self.answer(1, "late"), Self.answer(3, "in time")])
        #expect(await other == .answered("in time"))
    }

    // MARK: - Deadlines

    @Test("A confirmed job's wait ends at its deadline and not before")
    func sweeping() async {
        async let first = ending(of: 1, until: deadline)
        async let second = ending(of: 2, until: deadline + .nanoseconds(1))
        await untilWaiting(2)
        board.confirm([Self.id(1), Self.id(2)])
        board.sweep(at: deadline - .nanoseconds(1))
        #expect(board.count == 2)
        board.sweep(at: deadline)
        #expect(board.count == 1)
        #expect(await first == .accepted)
        board.post([Self.answer(1, "late"), Self.answer(2, "in time")])
        #expect(await second == .answered("in time"))
        #expect(board.count == 0)
    }

    @Test("A deadline does not end the wait of a job that the broker has not confirmed")
    func unconfirmed() async {
        async let asked = ending(of: 1, until: deadline)
        async let unasked = ending(of: 2, until: nil)
        async let failed = ending(of: 3, until: deadline)
        await untilWaiting(3)
        board.sweep(at: deadline + .seconds(1))
        #expect(board.count == 3)
        board.confirm([Self.id(1), Self.id(2)])
        board.fail([Self.id(3)], .queueUnavailable)
        #expect(board.count == 1, "a confirm alone does not end the wait for an answer")
        board.sweep(at: deadline + .seconds(1))
        #expect(await asked == .accepted)
        #expect(await unasked == .accepted)
        #expect(await failed == .failed(.queueUnavailable))
    }

    @Test("A job that is not confirmed in time fails, asked for or not; a confirmed one waits on")
    func unconfirmedInTime() async {
        async let late = ending(of: 1, until: deadline + .seconds(60), confirmBy: deadline)
        async let unasked = ending(of: 2, until: nil, confirmBy: deadline)
        async let confirmed = ending(of: 3, until: deadline + .seconds(60), confirmBy: deadline)
        await untilWaiting(3)
        board.confirm([Self.id(3)])
        board.sweep(at: deadline - .nanoseconds(1))
        #expect(board.count == 3)
        board.sweep(at: deadline)
        #expect(await late == .failed(.queueUnavailable))
        #expect(await unasked == .failed(.queueUnavailable))
        #expect(board.count == 1)
        board.post([Self.answer(3, "in time")])
        #expect(await confirmed == .answered("in time"))
    }

    // MARK: - The end

    @Test("At the end everyone who waits is let go: confirmed jobs are promised, the others are not")
    func endAll() async {
        await withTaskGroup(of: (job: Int, ending: Ending).self) { group in
            for job in 1...10 {
                group.addTask { (job, await ending(of: job, until: deadline)) }
            }
            await untilWaiting(10)
            board.confirm((1...5).map(Self.id))
            board.endAll()
            for await (job, ending) in group {
                #expect(ending == (job <= 5 ? .accepted : .failed(.queueUnavailable)), "job \(job)")
            }
        }
        #expect(board.count == 0)
    }

    @Test("Whoever begins to wait after the end is let go at once, and nothing is sent")
    func waitAfterTheEnd() async {
        board.endAll()
        for deadline in [deadline, nil] {
            let ending = await ending(of: 1, until: deadline) { Issue.record("the job was sent") }
            #expect(ending == .failed(.queueUnavailable))
        }
        #expect(board.count == 0)
    }

    // MARK: - Any order

    private static let jobCount = 40

    /// What happens to a job beside the sweeps, in a run: each run has its own mixture.
    private static func happens(_ event: Int, to job: Int, in run: Int) -> Bool { (job * 7 + run * event) % 3 != 0 }

    private static func deadline(of job: Int, in run: Int) -> ContinuousClock.Instant? {
        switch (job + run) % 3 {
        case 0: nil
        case 1: .now - .seconds(3600)
        default: .now + .seconds(3600)
        }
    }

    private final class Endings: Sendable {
        let byJob = Mutex<[Int: [Ending]]>([:])
    }

    @Test(
        "In any order of confirms, answers, failures and sweeps each wait ends once, and with what its job met",
        arguments: 0..<50)
    func randomOrders(run: Int) async {
        let endings = Endings()
        await withTaskGroup(of: Void.self) { group in
            for job in 0..<Self.jobCount {
                group.addTask {
                    let ending = await ending(of: job, until: Self.deadline(of: job, in: run))
                    endings.byJob.withLock { $0[job, default: []].append(ending) }
                }
                group.addTask { if Self.happens(1, to: job, in: run) { board.post([Self.answer(job, "\(job)")]) } }
                group.addTask { if Self.happens(2, to: job, in: run) { board.confirm([Self.id(job)]) } }
                group.addTask { if Self.happens(4, to: job, in: run) { board.fail([Self.id(job)], .overloaded) } }
                group.addTask { board.sweep(at: .now) }
            }
            group.addTask { await letGo(until: { endings.byJob.withLock { $0.count } == Self.jobCount }) }
        }
        let ended = endings.byJob.withLock { $0 }
        #expect(ended.count == Self.jobCount && ended.values.allSatisfy { $0.count == 1 })
        for (job, endings) in ended {
            let possible: Set<Ending> = [.answered("\(job)"), .accepted, .failed(.overloaded)]
            #expect(possible.isSuperset(of: endings), "job \(job): \(endings)")
        }
        #expect(board.count == 0)
    }

    /// Confirms everything and sweeps, again and again, for those to whom nothing else happens.
    private func letGo(until isOver: () -> Bool) async {
        while !isOver() {
            board.confirm((0..<Self.jobCount).map(Self.id))
            board.sweep(at: .now + .seconds(7200))
            await Task.yield()
        }
    }
}
