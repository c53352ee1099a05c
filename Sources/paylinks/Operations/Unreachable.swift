import ArgumentParser
import ServiceHost

/// A server that a command needs and that does not answer.
enum Unreachable {
    /// Names the setting of its address, and returns the error for the command to throw. The log has the reason.
    static func exit(_ server: String, option: String, variable: String) -> ExitCode {
        exit("\(server) cannot be reached: check \(option) or \(variable).")
    }

    /// Prints these words, and returns the error for the command to throw.
    static func exit(_ text: String) -> ExitCode {
        Failure.exit(text, status: ExitStatus.unavailable.rawValue)
    }
}
