import PaymentLinks
import Storage
import Testing
import WebhookWorker

/// What a worker's memory makes of a recovery that Postgres tells of.
@Suite("Recovery of endpoints")
struct RecoveryTests {
    private let now = ContinuousClock.now
    private let endpoint = Sample.endpoint(1)

    /// A board whose endpoint asked for a minute's pause.
    private func backedOff() -> DeliveryBoard {
        var board = DeliveryBoard(limits: .init(slots: 16))
        _ = board.admit(Sample.held([1], to: 1), at: now)
        _ = board.start(at: now, leasedBeyond: now)
        _ = board.finish(endpoint, .failing(retryAfter: .seconds(60)), at: now)
        return board
    }

    @Test("A back-off lasts as long as nothing is known of a recovery")
    func noRecovery() {
        var board = backedOff()
        board.learn(endpoint, standing: .failing, recoveries: 0)
        #expect(board.room(endpoint, standing: .failing, at: now) == 0)
        #expect(board.backoff(of: endpoint, at: now) == .seconds(60))
        #expect(board.backoff(of: endpoint, at: now + .seconds(60)) == nil)
        #expect(board.backoff(of: Sample.endpoint(2), at: now) == nil)
    }

    @Test("A recovery ends it at once, and takes the standing that Postgres knows")
    func recovery() {
        var board = backedOff()
        board.learn(endpoint, standing: .well, recoveries: 1)
        #expect(board.room(endpoint, standing: .well, at: now) == 64)
        #expect(board.backoff(of: endpoint, at: now) == nil)
    }

    @Test("A recovery that is known already does not end a later back-off")
    func knownRecovery() {
        var board = backedOff()
        board.learn(endpoint, standing: .failing, recoveries: 1)
        _ = board.admit(Sample.held([2], to: 1, recoveries: 1), at: now)
        _ = board.start(at: now, leasedBeyond: now)
        _ = board.finish(endpoint, .failing(retryAfter: .seconds(30)), at: now)
        board.learn(endpoint, standing: .failing, recoveries: 1)
        #expect(board.backoff(of: endpoint, at: now) == .seconds(30))
    }

    @Test("A recovery changes no bound of what is under way")
    func underWay() {
        var board = DeliveryBoard(limits: .init(slots: 16))
        _ = board.admit(Sample.held([1, 2], to: 1, standing: .failing), at: now)
        #expect(board.start(at: now, leasedBeyond: now).count == 1)
        board.learn(endpoint, standing: .well, recoveries: 1)
        #expect(board.start(at: now, leasedBeyond: now).isEmpty, "one at a time until its end shows something")
        _ = board.finish(endpoint, .well, at: now)
        #expect(board.underWay == 0)
        #expect(board.start(at: now, leasedBeyond: now).count == 1)
    }

    @Test("A delivery that was not sent after all lets another find out")
    func unknown() {
        var board = backedOff()
        let later = now + .seconds(60)
        _ = board.admit(Sample.held([2], to: 1, standing: .failing), at: later)
        #expect(board.start(at: later, leasedBeyond: later).count == 1)
        #expect(board.room(endpoint, standing: .failing, at: later) == 0)
        _ = board.finish(endpoint, .unknown, at: later)
        #expect(board.room(endpoint, standing: .failing, at: later) == 1)
    }
}
