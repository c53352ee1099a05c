/// Why a private server, or a program that belongs to one, could not do its work.
package enum PrivateServerError: Error, Sendable, CustomStringConvertible {
    /// The machine lacks a program; `package` is the Debian package that brings it.
    case missingProgram(String, package: String)
    /// The data folder belongs to a version of Postgres that the machine lacks.
    case missingVersion(String, data: String)
    /// A folder could not be made, entered or written.
    case unusableFolder(String, reason: String)
    /// The system refused to start a program (`posix_spawn(3)`).
    case notSpawned(program: String, reason: String)
    /// A server did not become ready; `log` holds the last lines that it wrote.
    case notReady(server: String, reason: String, log: String)
    /// A short-lived command ended with a failure; `output` is what it said.
    case commandFailed(command: String, status: ChildStatus, output: String)
    /// The task was cancelled while it waited.
    case cancelled

    package var description: String {
        switch self {
        case .missingProgram(let program, let package):
            "\(program) is not installed; on Debian and Ubuntu the package \(package) brings it (scripts/setup)"
        case .missingVersion(let version, let data):
            "the data in \(data) need PostgreSQL \(version), which is not installed: install the package "
                + "postgresql-\(version), or remove that folder to start over"
        case .unusableFolder(let path, let reason): "the folder \(path) cannot be used: \(reason)"
        case .notSpawned(let program, let reason): "\(program) could not be started: \(reason)"
        case .notReady(let server, let reason, let log): "\(server) \(reason); its log ends with:\n\(log)"
        case .commandFailed(let command, let status, let output): "\(command) \(status):\n\(output)"
        case .cancelled: "cancelled"
        }
    }
}

/// How a process ended.
package enum ChildStatus: Sendable, Hashable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    /// The status a shell would report: the exit code, or 128 and the signal's number.
    package var shellStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }

    package var description: String {
        switch self {
        case .exited(let code): "exited with status \(code)"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }
}
