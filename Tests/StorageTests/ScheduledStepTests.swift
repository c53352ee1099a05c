import PaymentLinks
import Storage
import Testing

@Suite("A link's place in the schedule of expiry")
struct ScheduledStepTests {
    private static let now = Timestamp(microseconds: 1_775_000_000_000_000)
    private static let before = now.advanced(by: .microseconds(-1))
    private static let after = now.advanced(by: .microseconds(1))

    private static let steps: [(LinkStatus, expiresAt: Timestamp?, scheduledAt: Timestamp, ScheduledStep)] = [
        (.active, now, now, .expire), (.active, before, before, .expire),
        (.active, after, now, .unschedule), (.active, before, now, .unschedule), (.active, nil, now, .unschedule),
        (.claimed, now, now, .unschedule), (.cancelled, now, now, .unschedule), (.expired, before, before, .unschedule),
        // The clock was set back between the look at the schedule and the verdict.
        (.active, after, after, .keep), (.active, now, after, .keep), (.claimed, after, after, .keep),
    ]

    @Test("is left by links that are due or past it, and kept by those whose time has not come", arguments: steps)
    func decide(row: (status: LinkStatus, expiresAt: Timestamp?, scheduledAt: Timestamp, step: ScheduledStep)) {
        let step = ScheduledStep.decide(
            row.status, expiresAt: row.expiresAt, scheduledAt: row.scheduledAt, now: Self.now)
        #expect(step == row.step)
    }
}
