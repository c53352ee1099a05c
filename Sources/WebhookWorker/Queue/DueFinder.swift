import Logging
import PaymentLinks
import ServiceLifecycle
import Storage

/// Finds deliveries that are due for another attempt, that no worker had room for, or that a dead worker left.
struct DueFinder: Service {
    /// How often it looks. Retries are seconds apart at least, so this is soon enough.
    private static let interval = Duration.milliseconds(250)
    /// How soon it looks again when an endpoint has probably more due than it was given, as after an outage.
    private static let backlogInterval = Duration.milliseconds(25)
    private static let faultPause = Duration.seconds(1)
    /// Endpoints that one look takes in.
    private static let endpointLimit = 256
    /// Deliveries that one look takes for one endpoint.
    private static let perEndpoint = 32

    let store: DueDeliveryStore
    let dispatcher: Dispatcher
    let lease: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            async let tests: Void = every {
                try await startTests()
                return Self.interval
            }
            var cursor: WebhookID?
            await every {
                let (next, isBehind) = try await look(after: cursor)
                cursor = next
                return isBehind ? Self.backlogInterval : Self.interval
            }
            await tests
        }
    }

    /// Repeats until the task is cancelled, after the pause that each turn asks for; a fault is logged and waited out.
    private func every(_ body: () async throws -> Duration) async {
        while !Task.isCancelled {
            var pause = Self.faultPause
            do {
                pause = try await body()
            } catch {
                if Task.isCancelled { return }
                logger.warning("due deliveries cannot be found now", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// Takes one step of the round through the endpoints, and returns where the next goes on, and whether an endpoint
    /// was given all that was asked for it, so that more may be due.
    private func look(after cursor: WebhookID?) async throws -> (next: WebhookID?, isBehind: Bool) {
        let visit = try await store.visit(after: cursor, limit: Self.endpointLimit)
        let wants = visit.due.compactMap { endpoint in
            let free = dispatcher.room(endpoint.id, standing: endpoint.standing, recoveries: endpoint.recoveries)
            let room = min(free, Self.perEndpoint)
            return room > 0 ? DueDeliveryStore.Want(webhookId: endpoint.id, limit: room) : nil
        }
        let leaseEnd = ContinuousClock.now + lease
        let taken = try await store.take(wants, lease: lease)
        await dispatcher.admit(taken, leaseEnd: leaseEnd)
        let counts = Dictionary(taken.map { ($0.target.webhookId, 1) }, uniquingKeysWith: +)
        return (visit.next, wants.contains { counts[$0.webhookId] == $0.limit })
    }

    private func startTests() async throws {
        let room = dispatcher.roomForTests
        guard room > 0 else { return }
        let leaseEnd = ContinuousClock.now + lease
        dispatcher.startTests(try await store.takeTests(limit: room, lease: lease), leaseEnd: leaseEnd)
    }
}
