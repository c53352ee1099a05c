package import PaymentLinks

/// What becomes of a link whose place in the schedule of expiry has come up.
package enum ScheduledStep: Sendable, Hashable {
    /// Its time has come: it expires, and leaves the schedule.
    case expire
    /// It has met another end, or stands in the schedule with its new time too: it only leaves this place.
    case unschedule
    /// Its time has not come after all, for the database's clock was set back since the place was looked up: it stays.
    case keep

    /// - Parameter now: the time by which the link is judged; it may be before the one by which it was found.
    package static func decide(
        _ status: LinkStatus, expiresAt: Timestamp?, scheduledAt: Timestamp, now: Timestamp
    ) -> ScheduledStep {
        guard scheduledAt <= now else { return .keep }
        return status.applying(.expire) != nil && expiresAt == scheduledAt ? .expire : .unschedule
    }
}
