package import Foundation

/// Where the servers' programs are on this machine.
package enum ServerPrograms {
    /// A search path that does not depend on ours.
    static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The folder of the Postgres that can serve `data`: of its own version, or the newest if there are no data yet.
    ///
    /// - Parameter root: holds a folder for each version, in Debian's layout.
    package static func postgres(
        for data: URL, in root: URL = URL(fileURLWithPath: "/usr/lib/postgresql")
    ) throws(PrivateServerError) -> URL {
        let version = TextFile.read(data.appendingPathComponent("PG_VERSION").path)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        if !version.isEmpty {
            if let folder = postgres(of: version, in: root) { return folder }
            throw .missingVersion(version, data: data.path)
        }
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        for version in versions.compactMap({ Int($0) }).sorted(by: >) {
            if let folder = postgres(of: "\(version)", in: root) { return folder }
        }
        throw .missingProgram("\(root.path)/*/bin/postgres", package: "postgresql")
    }

    private static func postgres(of version: String, in root: URL) -> URL? {
        let folder = root.appendingPathComponent("\(version)/bin")
        return isExecutable(folder.appendingPathComponent("postgres")) ? folder : nil
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
