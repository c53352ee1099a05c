import Testing
import Webhooks

@Suite("Circuit breaker")
struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<CircuitBreaker.failureLimit { breaker.failed(at: start) }
        return breaker
    }

    @Test("Fewer failures in a row than the limit leave it closed, and a success forgets them")
    func closed() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.failureLimit { breaker.failed(at: start) }
        #expect(breaker.allows(at: start))
        breaker.succeeded()
        for _ in 1..<CircuitBreaker.failureLimit { breaker.failed(at: start) }
        #expect(breaker.allows(at: start))
        #expect(breaker.state == .closed(failures: CircuitBreaker.failureLimit - 1))
    }

    @Test("At the limit it opens for the shortest pause")
    func opens() {
        let breaker = opened()
        #expect(!breaker.allows(at: start))
        #expect(!breaker.allows(at: start + CircuitBreaker.shortestPause - .nanoseconds(1)))
        #expect(breaker.allows(at: start + CircuitBreaker.shortestPause))
    }

    @Test("After the pause one delivery is let through, and no second until its outcome")
    func probes() {
        var breaker = opened()
        let later = start + CircuitBreaker.shortestPause
        breaker.started()
        #expect(breaker.state == .probing(pause: CircuitBreaker.shortestPause))
        #expect(!breaker.allows(at: later + .seconds(1000)))
        breaker.succeeded()
        #expect(breaker.allows(at: later))
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test("Each failed probe doubles the pause, up to the longest")
    func doubles() {
        var breaker = opened()
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<6 {
            guard case .open(let until, let pause) = breaker.state else { break }
            pauses.append(pause)
            now = until
            breaker.started()
            breaker.failed(at: now)
        }
        #expect(pauses == [5, 10, 20, 40, 60, 60].map { .seconds($0) })
    }

    @Test("What an endpoint asks for opens it at once, up to the longest pause")
    func asked() {
        var breaker = CircuitBreaker()
        breaker.failed(at: start, askedFor: .seconds(30))
        #expect(!breaker.allows(at: start + .seconds(29)))
        #expect(breaker.allows(at: start + .seconds(30)))
        breaker.failed(at: start, askedFor: .seconds(3600))
        #expect(breaker.allows(at: start + CircuitBreaker.longestPause))
    }

    @Test("Failures of deliveries that were under way do not prolong an open pause")
    func stragglers() {
        var breaker = opened()
        breaker.failed(at: start + .seconds(4))
        #expect(breaker.allows(at: start + CircuitBreaker.shortestPause))
    }
}
