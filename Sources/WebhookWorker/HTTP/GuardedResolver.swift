package import NIOCore
import NIOPosix
package import PaymentLinks
package import Storage
import Synchronization
package import Webhooks

/// Looks names up, and lets no address pass that a delivery must not connect to.
///
/// One forbidden address among a name's answers condemns the name: whoever mixes them means no good.
package final class GuardedResolver: Sendable {
    /// All addresses of a name, in the order to try them; it may block.
    package typealias Lookup = @Sendable (String) -> [IPAddress]

    private static let failureLife = TimeAmount.seconds(5)
    private static let cacheLimit = 10_000

    private struct Answer: Sendable {
        let addresses: [IPAddress]
        let goodUntil: NIODeadline
    }

    private let policy: AddressPolicy
    private let lookup: Lookup
    private let threads: LookupThreads
    private let loop: any EventLoop
    private let answerLife: TimeAmount
    private let cache = Mutex<[String: Answer]>([:])

    /// - Parameter answerLife: how long an answer is used again. It is checked each time all the same.
    package init(
        policy: AddressPolicy, threads: LookupThreads, loop: any EventLoop, answerLife: TimeAmount = .seconds(30),
        lookup: @escaping Lookup = SystemLookup.addresses
    ) {
        self.policy = policy
        self.threads = threads
        self.loop = loop
        self.answerLife = answerLife
        self.lookup = lookup
    }

    /// The addresses to connect to; never empty, and all allowed.
    package func addresses(
        of host: WebhookURL.Host, standing: EndpointStanding, by deadline: NIODeadline
    ) async throws(AttemptFailure) -> [IPAddress] {
        let addresses =
            switch host {
            case .address(let address): [address]
            case .name(let name): try await resolve(name, standing, by: deadline)
            }
        guard !addresses.isEmpty else { throw .nameNotFound }
        guard addresses.allSatisfy(policy.allows) else { throw .addressNotAllowed }
        return addresses
    }

    private func resolve(
        _ name: String, _ standing: EndpointStanding, by deadline: NIODeadline
    ) async throws(AttemptFailure) -> [IPAddress] {
        if let answer = cache.withLock({ $0[name] }), answer.goodUntil > .now() { return answer.addresses }
        let promise = loop.makePromise(of: [IPAddress].self)
        let timer = loop.scheduleTask(deadline: deadline) { promise.fail(AttemptFailure.timedOut) }
        threads[standing].submit { [lookup] state in
            // An answer that comes after the deadline is still good for the next attempt.
            let addresses = state == .active ? lookup(name) : []
            self.keep(addresses, of: name)
            promise.succeed(addresses)
        }
        defer { timer.cancel() }
        do {
            return try await promise.futureResult.get()
        } catch {
            throw .timedOut
        }
    }

    private func keep(_ addresses: [IPAddress], of name: String) {
        let life = addresses.isEmpty ? Self.failureLife : answerLife
        let answer = Answer(addresses: addresses, goodUntil: .now() + life)
        cache.withLock { cache in
            if cache.count >= Self.cacheLimit { cache = cache.filter { $0.value.goodUntil > .now() } }
            if cache.count >= Self.cacheLimit { cache = [:] }
            cache[name] = answer
        }
    }
}
