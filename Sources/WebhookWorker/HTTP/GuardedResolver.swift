package import NIOCore
import NIOPosix
package import PaymentLinks
package import Storage
import Synchronization
package import Webhooks

/// Looks names up, and lets no address pass that a delivery must not connect to.
///
/// One forbidden address among a name's answers condemns the name: a mixed answer is an attack.
package final class GuardedResolver: Sendable {
    /// All addresses of a name, in the order to try them; `nil` when no name server answered. It may block.
    package typealias Lookup = @Sendable (String) -> [IPAddress]?

    /// How long an answer that has to be refreshed may still stand in for a new one that does not come.
    private static let staleLife = TimeAmount.minutes(10)
    private static let cacheLimit = 10_000

    private struct Answer: Sendable {
        let addresses: [IPAddress]
        var goodUntil: NIODeadline
        /// How long it may stand in for a new one.
        let standsInUntil: NIODeadline

        init(_ addresses: [IPAddress], goodUntil: NIODeadline) {
            self.addresses = addresses
            self.goodUntil = goodUntil
            standsInUntil = goodUntil + GuardedResolver.staleLife
        }

        var isGood: Bool { goodUntil > .now() }
        /// What may stand in for it: `nil` when there is nothing, or nothing that is young enough.
        var substitute: [IPAddress]? { addresses.isEmpty || standsInUntil < .now() ? nil : addresses }
    }

    /// A lookup that waits for a thread or has one, with all who wait for its answer.
    private struct Search {
        let promise: EventLoopPromise<[IPAddress]>
        /// When the last of them gives up.
        var deadline: NIODeadline
    }

    private struct State {
        var cache: [String: Answer] = [:]
        var searches: [String: Search] = [:]

        /// Whether anybody still waits for the name. If not, its search is struck off in the same step: who asks from
        /// now on begins another, and does not join one that has been given up.
        mutating func isWanted(_ name: String) -> Bool {
            guard let search = searches[name], search.deadline > .now() else {
                searches[name] = nil
                return false
            }
            return true
        }
    }

    private let policy: AddressPolicy
    private let lookup: Lookup
    private let threads: LookupThreads
    private let loop: any EventLoop
    private let answerLife: TimeAmount
    private let failureLife: TimeAmount
    private let refreshPatience: TimeAmount
    private let state = Mutex(State())

    /// - Parameters:
    ///   - answerLife: how long an answer is used again. It is still checked each time.
    ///   - failureLife: the same of a word that brought no address, or of none.
    ///   - refreshPatience: how long a new answer is waited for before an older one is used, so that the dead name
    ///     servers of some delay no endpoint that was reached before.
    package init(
        policy: AddressPolicy, threads: LookupThreads, loop: any EventLoop, answerLife: TimeAmount = .seconds(30),
        failureLife: TimeAmount = .seconds(5), refreshPatience: TimeAmount = .seconds(1),
        lookup: @escaping Lookup = SystemLookup.addresses
    ) {
        self.policy = policy
        self.threads = threads
        self.loop = loop
        self.answerLife = answerLife
        self.failureLife = failureLife
        self.refreshPatience = refreshPatience
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
        let known = state.withLock { $0.cache[name] }
        if let known, known.isGood { return known.addresses }
        let substitute = known?.substitute
        let answer = search(name, standing, by: deadline)
        let patience = loop.makePromise(of: [IPAddress].self)
        let end = substitute == nil ? deadline : min(deadline, .now() + refreshPatience)
        let timer = loop.scheduleTask(deadline: end) {
            patience.completeWith(substitute.map { .success($0) } ?? .failure(AttemptFailure.timedOut))
        }
        answer.cascade(to: patience)
        defer { timer.cancel() }
        do {
            return try await patience.futureResult.get()
        } catch {
            throw .timedOut
        }
    }

    /// The lookup of a name: one at a time.
    private func search(
        _ name: String, _ standing: EndpointStanding, by deadline: NIODeadline
    ) -> EventLoopFuture<[IPAddress]> {
        let (promise, isNew) = state.withLock { state in
            if let search = state.searches[name] {
                state.searches[name]?.deadline = max(search.deadline, deadline)
                return (search.promise, false)
            }
            let promise = loop.makePromise(of: [IPAddress].self)
            state.searches[name] = Search(promise: promise, deadline: deadline)
            return (promise, true)
        }
        if isNew { threads[standing].submit { [self] in promise.completeWith(find(name, isActive: $0 == .active)) } }
        return promise.futureResult
    }

    /// Looks the name up, unless no delivery waits for it any more; on a thread that may block.
    private func find(_ name: String, isActive: Bool) -> Result<[IPAddress], any Error> {
        guard state.withLock({ $0.isWanted(name) }), isActive else { return .failure(AttemptFailure.timedOut) }
        // An answer that comes after the deadline is still good for the next attempt.
        return .success(keep(lookup(name), of: name))
    }

    /// Keeps what a lookup has brought. When no name server answered, the earlier answer is used, as long
    /// as it may: an outage of name servers is no word on the name.
    private func keep(_ addresses: [IPAddress]?, of name: String) -> [IPAddress] {
        let found = addresses ?? []
        let life = found.isEmpty ? failureLife : answerLife
        var answer = Answer(found, goodUntil: .now() + life)
        return state.withLock { state in
            if addresses == nil, var known = state.cache[name], known.substitute != nil {
                known.goodUntil = answer.goodUntil
                answer = known
            }
            if state.cache.count >= Self.cacheLimit { state.cache = state.cache.filter { $0.value.isGood } }
            if state.cache.count >= Self.cacheLimit { state.cache = [:] }
            state.cache[name] = answer
            state.searches[name] = nil
            return answer.addresses
        }
    }
}
