import PrivateServers

/// Why a development system could not run.
enum DevelopmentError: Error, CustomStringConvertible {
    case foreignFile(String, PrivateFile.Problem)
    case homeInUse(String)
    case invalidPort(String)
    case portTaken(Int)
    case notBuilt(String)
    case notReady(role: String, log: String)
    case notSeeded
    case unreadableSecrets(String)

    var description: String {
        switch self {
        case .foreignFile(let path, let problem):
            "\(path) is not used: \(problem). Check who made it, then remove it or `chmod 600` it"
        case .homeInUse(let path):
            "another `paylinks dev` runs with \(path): end it, or set PAYLINKS_HOME to another folder"
        case .invalidPort(let text): "PAYLINKS_PORT is \(text): it must be a number from 1 to 65535"
        case .portTaken(let port): "PAYLINKS_PORT is \(port), and that port is taken: choose another, or unset it"
        case .notBuilt(let path): "\(path) is not there: build every product with `make build`"
        case .notReady(let role, let log): "\(role) was not ready within 60 seconds; its log ends with:\n\(log)"
        case .notSeeded: "the database could not be seeded"
        case .unreadableSecrets(let path):
            "\(path) cannot be read, and what was sealed with its keys would not open with new ones: mend it, or remove "
                + "the whole folder to start over"
        }
    }
}
