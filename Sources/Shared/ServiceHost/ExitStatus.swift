/// How a process says why it ended. (`sysexits.h`)
package enum ExitStatus: Int32, Sendable {
    /// It was asked to stop, and everything in hand was finished.
    case success = 0
    /// Something failed that should not have, or the drain deadline passed.
    case failure = 1
    /// The command line is wrong.
    case usage = 64
    /// A server that a command needs does not answer. Roles never end so: they wait for theirs, and connect again.
    case unavailable = 69
    /// A setting is missing or wrong.
    case configuration = 78
}

extension ExitStatus {
    init(for error: any Error) {
        self = error is ConfigurationError ? .configuration : .failure
    }
}
