import Foundation

/// Where the servers' programs are on this machine.
enum ServerPrograms {
    /// A search path that does not depend on ours.
    static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The folder of the newest Postgres, in Debian's layout.
    static func postgres() throws(PrivateServerError) -> URL {
        let root = URL(fileURLWithPath: "/usr/lib/postgresql")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        for version in versions.compactMap({ Int($0) }).sorted(by: >) {
            let folder = root.appendingPathComponent("\(version)/bin")
            if isExecutable(folder.appendingPathComponent("postgres")) { return folder }
        }
        throw .missingProgram("/usr/lib/postgresql/*/bin/postgres", package: "postgresql")
    }

    /// The folder of RabbitMQ's own scripts: those in `/usr/sbin` insist on the system's user and folders.
    static func rabbitMQ() throws(PrivateServerError) -> URL {
        let folder = URL(fileURLWithPath: "/usr/lib/rabbitmq/bin")
        guard isExecutable(folder.appendingPathComponent("rabbitmq-server")) else {
            throw .missingProgram("/usr/lib/rabbitmq/bin/rabbitmq-server", package: "rabbitmq-server")
        }
        return folder
    }

    /// Erlang's port mapper, which a broker needs one of to itself.
    static func portMapper() throws(PrivateServerError) -> String {
        for path in ["/usr/bin/epmd", "/usr/local/bin/epmd"] where isExecutable(URL(fileURLWithPath: path)) {
            return path
        }
        throw .missingProgram("epmd", package: "erlang-base")
    }

    private static func isExecutable(_ url: URL) -> Bool {
        FileManager.default.isExecutableFile(atPath: url.path)
    }
}
