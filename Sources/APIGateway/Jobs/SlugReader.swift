package import PaymentLinks
import ServiceLifecycle
import Threading

/// Reads something about links by their slugs, many at a time: questions that arrive during one query go with the next.
///
/// It remembers nothing. A slug that no link has now can have one in a moment, when a creation that is still queued
/// commits, so even a short memory of absent slugs could hide a link. Two queries of 256 slugs at a time bound what
/// invented slugs cost.
package final class SlugReader<Value: Sendable>: Service {
    package typealias Completion = @Sendable (Result<Value?, any Error>) -> Void
    package typealias Read = @Sendable ([Slug]) async throws -> [Slug: Value]

    private struct Question: Sendable {
        let slug: Slug
        let completion: Completion
    }

    private let read: Read
    private let questions = GatheringQueue<Question>(
        capacity: SlugReaderLimits.capacity, batchLimit: SlugReaderLimits.batch)

    /// - Parameter read: reads for all slugs in one statement. A slug without a link is left out.
    package init(_ read: @escaping Read) {
        self.read = read
    }

    /// Calls with what is read for the slug, or `nil` if no link has it. It calls on any thread, and the completion
    /// must not block.
    package func read(_ slug: Slug, _ completion: @escaping Completion) {
        let question = Question(slug: slug, completion: completion)
        if !questions.offer([question], takeBy: .now + SlugReaderLimits.patience) {
            completion(.failure(Refusal.overloaded))
        }
    }

    /// The same for callers that wait in a task.
    package func value(of slug: Slug) async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            read(slug) { continuation.resume(with: $0) }
        }
    }

    /// Answers until the service is asked to stop or its task is cancelled, and then answers what still waits.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<SlugReaderLimits.workers { group.addTask { await self.work() } }
            group.addTask { await cancelWhenGracefulShutdown { await self.sweep() } }
            await withTaskCancellationOrGracefulShutdownHandler {
                await group.waitForAll()
            } onCancelOrGracefulShutdown: {
                self.questions.close()
            }
        }
    }

    private func work() async {
        while let batch = await questions.next() {
            let result = await Result.catching { try await read(batch.map(\.slug)) }
            for question in batch { question.completion(result.map { $0[question.slug] }) }
        }
    }

    private func sweep() async {
        while !Task.isCancelled {
            for late in questions.expire(at: .now) { late.completion(.failure(Refusal.overloaded)) }
            do { try await Task.sleep(for: SlugReaderLimits.sweepInterval) } catch { return }
        }
    }
}

private enum SlugReaderLimits {
    /// Queries that may be under way at once.
    static let workers = 2
    /// The most slugs that one query reads.
    static let batch = 256
    /// The most questions that may wait.
    static let capacity = 8192
    /// The most that a question may wait to be asked.
    static let patience = Duration.seconds(5)
    static let sweepInterval = Duration.milliseconds(250)
}
