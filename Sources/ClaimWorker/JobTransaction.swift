import Consuming
import PaymentLinks
import Relay
import Storage

/// Does a batch of jobs of one kind, and removes the outbox rows of messages that were published before.
struct JobTransaction<Handler: BatchHandler>: BatchTransaction {
    let handler: Handler
    let confirmed: ConfirmedMessages

    func run(
        _ jobs: [TakenJob<Handler.Job>], lockTimeout: Duration?
    ) async throws(StorageError) -> BatchResult {
        let published = confirmed.takeAll()
        do throws(StorageError) {
            return try await handler.perform(jobs.map(\.job), removing: published, lockTimeout: lockTimeout)
        } catch {
            confirmed.add(published)
            throw error
        }
    }

    func locked(_ jobs: [TakenJob<Handler.Job>]) async throws(StorageError) -> Set<Int> {
        let ids = try await handler.locked(jobs.map(\.job))
        return Set(jobs.indices.filter { ids.contains(handler.jobId(jobs[$0].job)) })
    }
}
