import Logging
import PaymentLinks
import ServiceLifecycle
import Storage

/// Finds what is due for another attempt, what nobody had room for, and what a dead worker left behind.
struct DueFinder: Service {
    /// How often it looks. Retries are seconds apart at least, so this is soon enough.
    private static let interval = Duration.milliseconds(250)
    private static let faultPause = Duration.seconds(1)
    /// Endpoints that one look takes in.
    private static let endpointLimit = 256
    /// Deliveries that one look takes for one endpoint.
    private static let perEndpoint = 16
    private static let testLimit = 16

    let store: DueDeliveryStore
    let dispatcher: Dispatcher
    let lease: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            async let tests: Void = every(Self.interval) { try await runTests() }
            var cursor: WebhookID?
            await every(Self.interval) { cursor = try await look(after: cursor) }
            await tests
        }
    }

    /// Repeats until the task is cancelled; a fault is told and waited out.
    private func every(_ interval: Duration, _ body: () async throws -> Void) async {
        while !Task.isCancelled {
            var pause = interval
            do {
                try await body()
            } catch {
                if Task.isCancelled { return }
                pause = Self.faultPause
                logger.warning("due deliveries cannot be found now", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// Takes one step of the round through the endpoints, and returns where the next goes on.
    private func look(after cursor: WebhookID?) async throws -> WebhookID? {
        let visit = try await store.visit(after: cursor, limit: Self.endpointLimit)
        let wants = visit.due.compactMap { endpoint in
            let room = min(dispatcher.room(endpoint.id, standing: endpoint.standing), Self.perEndpoint)
            return room > 0 ? DueDeliveryStore.Want(webhookId: endpoint.id, limit: room) : nil
        }
        let leaseEnd = ContinuousClock.now + lease
        dispatcher.admit(try await store.take(wants, lease: lease), leaseEnd: leaseEnd)
        return visit.next
    }

    private func runTests() async throws {
        let tests = try await store.takeTests(limit: Self.testLimit, lease: lease)
        await withTaskGroup(of: Void.self) { group in
            for test in tests { group.addTask { await dispatcher.attemptTest(test) } }
        }
    }
}
