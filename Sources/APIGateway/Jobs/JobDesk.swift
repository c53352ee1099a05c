import Jobs
import PaymentLinks

/// Waits for the answers to jobs that were handed over together: one for each, in order.
typealias PendingAnswers = @Sendable () async -> [Answer]

/// Hands requests' jobs to the workers and renders what becomes of them. It never writes anything itself.
struct JobDesk<Job: WorkerJob>: Sendable {
    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    /// What became of the job, or 202 when it is not decided in time.
    func answer(to job: Job, _ preferences: Preferences, traceparent: String?) async throws -> Answer {
        try await Answer.awaiting { completion in
            try answer(to: job, preferences, traceparent: traceparent, completion)
        }
    }

    /// The same for callers that do not wait in a task. Only an answer that did not come in time takes one, to ask the
    /// database; the completion is its end, and the request's own time limit its bound.
    func answer(
        to job: Job, _ preferences: Preferences, traceparent: String?,
        _ completion: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) throws {
        let wait = preferences.wait(default: gateway.defaultWait)
        let isRepeated = try gateway.keysInFlight.enter(job.idempotencyKey, job.digest, wait: wait)
        let finish: @Sendable (Result<Answer, any Error>) -> Void = { answer in
            gateway.keysInFlight.end(job.idempotencyKey, job.digest)
            completion(answer)
        }
        job.admit(gateway) { refusal in
            if let refusal { return finish(.failure(refusal)) }
            send(job, preferences, traceparent: traceparent, wait: wait, isRepeated: isRepeated, finish)
        }
    }

    private func send(
        _ job: Job, _ preferences: Preferences, traceparent: String?, wait: Duration, isRepeated: Bool,
        _ finish: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        gateway.jobs.send([job], traceparent: traceparent, wait: wait) { _, result in
            switch result {
            case .success(let reply?): finish(.success(job.answer(to: reply, gateway).applying(preferences)))
            case .failure(let error): finish(.failure(error))
            case .success(nil):
                Task {
                    let answer = await Result.catching {
                        try await undecided(job, hasWaited: wait > .zero, isRepeated: isRepeated).applying(preferences)
                    }
                    finish(answer)
                }
            }
        }
    }

    private func undecided(_ job: Job, hasWaited: Bool, isRepeated: Bool) async throws -> Answer {
        // A database that does not answer now takes nothing back: the job is accepted.
        if hasWaited, let answer = try? await job.known(to: gateway) { return answer }
        if isRepeated { throw Refusal.idempotencyInProgress }
        return job.processing(gateway)
    }

    /// The same for many jobs, that are handed over together before this returns, so that the workers get them in the
    /// order of the calls: an answer for each, in order.
    func send(_ jobs: [Job], wait: Duration, traceparent: String?) async -> PendingAnswers {
        let refusals = await Gathering<Refusal?>(jobs.count) { set in
            for (index, job) in jobs.enumerated() { job.admit(gateway) { set(index, $0) } }
        }.values
        let admitted = zip(jobs, refusals).filter { $1 == nil }.map(\.0)
        let results = Gathering(admitted.count) { set in
            gateway.jobs.send(admitted, traceparent: traceparent, wait: wait, set)
        }
        return {
            var answers = await answers(to: admitted, await results.values, hasWaited: wait > .zero).makeIterator()
            return refusals.compactMap { $0.map(ErrorEnvelope.answer(to:)) ?? answers.next() }
        }
    }

    private func answers(
        to jobs: [Job], _ results: [Result<Reply<Job.Outcome>?, JobError>], hasWaited: Bool
    ) async -> [Answer] {
        var answers: [Answer] = []
        // A database that does not answer one does not answer the next; and jobs are decided in their order, so behind one
        // that is not decided there is hardly one that is.
        var asksDatabase = hasWaited
        for (job, result) in zip(jobs, results) {
            switch result {
            case .success(let reply?): answers.append(job.answer(to: reply, gateway))
            case .success(nil) where asksDatabase:
                do {
                    let known = try await job.known(to: gateway)
                    if known == nil { asksDatabase = false }
                    answers.append(known ?? job.processing(gateway))
                } catch {
                    asksDatabase = false
                    answers.append(job.processing(gateway))
                }
            case .success(nil): answers.append(job.processing(gateway))
            case .failure(let error): answers.append(ErrorEnvelope.answer(to: error))
            }
        }
        return answers
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous call returns or throws.
    static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
