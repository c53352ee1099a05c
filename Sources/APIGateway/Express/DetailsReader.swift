import PaymentLinks
import ServiceLifecycle
package import Storage
import Threading

/// Reads links' public details, many at a time: what is asked for while one query is under way goes with the next.
package final class DetailsReader: Service {
    typealias Completion = @Sendable (Result<LinkDetails?, any Error>) -> Void

    private struct Question: Sendable {
        let slug: Slug
        let completion: Completion
    }

    /// Queries that may be under way at once.
    private static let workers = 2
    /// The most links that one query reads.
    private static let batchLimit = 256
    /// The most questions that may wait.
    private static let capacity = 8192
    /// The most that a question may wait to be asked.
    private static let patience = Duration.seconds(5)
    private static let sweepInterval = Duration.milliseconds(250)

    private let links: LinkStore
    private let questions = GatheringQueue<Question>(capacity: capacity, batchLimit: batchLimit)

    package init(links: LinkStore) {
        self.links = links
    }

    /// Calls with the link's details, or `nil` when there is no such link; on any thread, and it must not block.
    func read(_ slug: Slug, _ completion: @escaping Completion) {
        let question = Question(slug: slug, completion: completion)
        if !questions.offer([question], takeBy: .now + Self.patience) { completion(.failure(Refusal.overloaded)) }
    }

    /// Answers until the service is asked to stop or its task is cancelled, and then what still waits.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.workers { group.addTask { await self.work() } }
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
            let result = await Result.catching { try await links.details(of: batch.map(\.slug)) }
            for question in batch { question.completion(result.map { $0[question.slug] }) }
        }
    }

    private func sweep() async {
        while !Task.isCancelled {
            for late in questions.expire(at: .now) { late.completion(.failure(Refusal.overloaded)) }
            do { try await Task.sleep(for: Self.sweepInterval) } catch { return }
        }
    }
}
