import ArgumentParser
import Foundation
import ServiceHost

/// A server that a command needs and that does not answer.
enum Unreachable {
    /// Tells where to set its address, and returns what the command is to throw; the log has told why.
    static func exit(_ server: String, option: String, variable: String) -> ExitCode {
        exit("\(server) cannot be reached: check \(option) or \(variable).")
    }

    /// Says so in these words, and returns what the command is to throw.
    static func exit(_ text: String) -> ExitCode {
        // A closed terminal must not change how the command ends.
        try? FileHandle.standardError.write(contentsOf: Data("Error: \(text)\n".utf8))
        return ExitCode(ExitStatus.unavailable.rawValue)
    }
}
