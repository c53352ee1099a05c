/// How long a worker may hold a delivery that it has taken, before others find it due.
package enum Lease {
    /// How many attempts' time a lease lasts: what waits in memory must still have one left.
    private static let attempts = 4
    /// However short an attempt may be, a database that stalls for some seconds must not cost the lease: others would
    /// send the delivery a second time.
    private static let shortest = Duration.seconds(30)

    /// - Parameter attemptTime: what an attempt takes at most.
    package static func duration(attemptTime: Duration) -> Duration { max(attemptTime * attempts, shortest) }
}
