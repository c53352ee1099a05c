import ArgumentParser
import Foundation
import ServiceHost

/// Ends a command that was used correctly and could not do its work: one sentence, without the usage text.
enum Failure {
    /// A key that the API refuses. (`EX_NOPERM` of `sysexits.h`)
    static let noPermission: Int32 = 77

    /// Prints the sentence, and returns the error for the command to throw.
    static func exit(_ text: String, status: Int32 = ExitStatus.failure.rawValue) -> ExitCode {
        show("Error: \(text)")
        return ExitCode(status)
    }

    /// The same for an argument of the right form that names nothing in the system.
    static func wrongArgument(_ text: String) -> ExitCode { exit(text, status: ExitStatus.usage.rawValue) }

    /// Prints a warning that does not end the command.
    static func warn(_ text: String) {
        show("Warning: \(text)")
    }

    /// Writes a line to standard error. A closed terminal does not change how the command ends.
    static func show(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }
}
