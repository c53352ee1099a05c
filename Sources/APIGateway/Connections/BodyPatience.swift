package import NIOCore

/// Counts how long a body's next 64 KiB are waited for; pure, on a clock that is handed in.
package struct BodyPatience: Sendable {
    private static let stretch = 65_536

    private let limit: TimeAmount
    private var waited = TimeAmount.zero
    private var waitingSince: NIODeadline?
    private var byteCount = 0
    /// Whether a body is being read.
    package private(set) var isActive = false

    package init(limit: TimeAmount) {
        self.limit = limit
    }

    /// A request's head has come.
    package mutating func begin(at now: NIODeadline) {
        (waited, waitingSince, byteCount, isActive) = (.zero, nil, 0, true)
    }

    /// Bytes of the body have come; a whole stretch of them restarts the peer's time.
    package mutating func received(_ count: Int, at now: NIODeadline) {
        stopWaiting(at: now)
        byteCount += count
        if byteCount >= Self.stretch { (waited, byteCount) = (.zero, 0) }
    }

    /// The body is whole.
    package mutating func end() {
        (waitingSince, isActive) = (nil, false)
    }

    /// The gateway would read more.
    package mutating func waits(at now: NIODeadline) {
        if isActive, waitingSince == nil { waitingSince = now }
    }

    /// Whether the peer's time runs.
    package var isRunning: Bool { isActive && waitingSince != nil }

    package func isOver(at now: NIODeadline) -> Bool { rest(at: now) <= .zero }

    /// How long the peer may take yet.
    package func rest(at now: NIODeadline) -> TimeAmount {
        limit - waited - (waitingSince.map { now - $0 } ?? .zero)
    }

    private mutating func stopWaiting(at now: NIODeadline) {
        if let since = waitingSince { waited = waited + (now - since) }
        waitingSince = nil
    }
}
