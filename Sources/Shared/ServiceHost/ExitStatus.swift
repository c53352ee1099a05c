/// How a process says why it ended. (`sysexits.h`)
package enum ExitStatus: Int32, Sendable {
    /// It was asked to stop, and everything in hand was finished.
    case success = 0
    /// Something failed that should not have, or the drain deadline passed.
    case failure = 1
    /// The command line is wrong.
    case usage = 64
    /// Something that the process cannot do without is not there.
    case unavailable = 69
    /// A setting is missing or wrong.
    case configuration = 78
}

/// Thrown by a role when something that it cannot do without is not there; the process exits with status 69.
package struct Unavailable: Error, Sendable, CustomStringConvertible {
    /// `postgres`, `rabbitmq`.
    package let dependency: String
    /// What was seen, without secrets.
    package let reason: String

    package init(dependency: String, reason: String) {
        self.dependency = dependency
        self.reason = reason
    }

    package var description: String { "\(dependency) is unavailable: \(reason)" }
}

extension ExitStatus {
    init(for error: any Error) {
        switch error {
        case is ConfigurationError: self = .configuration
        case is Unavailable: self = .unavailable
        default: self = .failure
        }
    }
}
