/// What the command line asks of a role's process.
package enum Invocation: Sendable, Equatable {
    case serve
    case help
    case version
    /// An argument that no role takes.
    case unknown(String)

    /// - Parameter arguments: without the program's name.
    package init(arguments: [String]) {
        switch arguments.first {
        case nil: self = .serve
        case "--help", "-h": self = .help
        case "--version": self = .version
        case .some(let argument): self = .unknown(argument)
        }
        if arguments.count > 1 { self = .unknown(arguments[1]) }
    }
}

/// The version of every program of the package.
package enum Release {
    package static let version = "0.2.0"
}

extension Role {
    /// What `--help` prints.
    package var help: String {
        """
        \(name) \(Release.version)
        \(summary)

        It takes no arguments but --help and --version. Settings are environment variables:

        \(Setting.table(settings, format: .text))

        It stops on SIGTERM and SIGINT once the work in hand is done. Exit status: 0 stopped, 1 failed,
        64 wrong arguments, 78 wrong settings. While a server that it needs is away it stays up, not ready.

        """
    }
}
