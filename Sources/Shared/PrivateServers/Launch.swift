package import Foundation

/// Everything that decides how a program is started.
package struct Launch: Sendable {
    /// Where the program's standard output and error go.
    package enum Output: Sendable {
        /// To where ours go; standard input is ours too.
        case inherited
        /// Appended to a file, which is made with mode 0600.
        case file(URL)
        /// To an open descriptor.
        case descriptor(Int32)
    }

    /// The program's absolute path.
    package var program: String
    package var arguments: [String]
    /// The whole environment; nothing is inherited unless it stands here.
    package var environment: [String: String]
    /// The folder to start in; ours if `nil`.
    package var folder: URL?
    /// The user to become first; needs root.
    package var user: ServerUser?
    package var output: Output
    /// Whether the program leads a process group of its own, so that a terminal's Ctrl-C reaches us alone.
    package var leadsGroup = true

    package init(
        _ program: String, _ arguments: [String], environment: [String: String], folder: URL? = nil,
        user: ServerUser? = nil, output: Output
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.user = user
        self.output = output
    }

    /// The command line as it is run.
    ///
    /// `setpriv` makes the kernel end the program when we end, however we end (`PR_SET_PDEATHSIG`), and sets its user;
    /// then it becomes the program, so the process id is the program's own.
    var commandLine: [String] {
        let place = folder.map { ["/usr/bin/env", "--chdir", $0.path] } ?? []
        let setpriv = ["/usr/bin/setpriv", "--pdeathsig", "KILL"] + (user?.privilegeArguments ?? [])
        return setpriv + ["--"] + place + [program] + arguments
    }
}
