import FoundationEssentials

/// An instant, to the microsecond, as Postgres keeps it.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z, without leap seconds; negative before it.
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Reads the system's clock. Code that decides by time takes a timestamp instead of calling this.
    package static func now() -> Timestamp {
        Timestamp(microseconds: Int64((Date.now.timeIntervalSince1970 * 1_000_000).rounded(.down)))
    }

    /// Since 1970, rounded down.
    package var milliseconds: Int64 { microseconds.flooredQuotient(by: 1000).quotient }

    /// The instant so much later, or earlier; it stops at the ends of the range rather than overflow.
    package func advanced(by duration: Duration) -> Timestamp {
        let distance = duration.attoseconds.flooredQuotient(by: Self.attosecondsPerMicrosecond).quotient
        return Timestamp(microseconds: Int64(clamping: Int128(microseconds) + distance))
    }

    /// How long this is after `earlier`; negative when it is before.
    package func duration(since earlier: Timestamp) -> Duration {
        let distance = Int128(microseconds) - Int128(earlier.microseconds)
        return Duration(attoseconds: distance * Self.attosecondsPerMicrosecond)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    private static let attosecondsPerMicrosecond: Int128 = 1_000_000_000_000
}

extension SignedInteger {
    /// Division that rounds towards the past, so that instants before 1970 fall into the right day and millisecond.
    ///
    /// The remainder is never negative; the divisor must be positive.
    func flooredQuotient(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
