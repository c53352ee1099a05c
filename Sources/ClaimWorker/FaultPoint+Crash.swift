import Glibc

extension FaultPoint {
    /// Ends the process at once, with nothing flushed or closed, if this is the point that was asked for.
    func crash(at point: FaultPoint) {
        guard self == point, self != .none else { return }
        kill(getpid(), SIGKILL)
    }
}
