package import Foundation

/// A Postgres server of our own: a folder, a port of 127.0.0.1, a password, and full durability.
///
/// It ends when we end. What it has committed is in its folder, and the next start there serves it again. Its calls are
/// meant to be made one after another by one owner.
package actor PrivatePostgres {
    /// The folder in use, which may be a substitute for the one that was asked for.
    package nonisolated let folder: URL
    package nonisolated let port: Int
    package nonisolated let password: String
    /// The server's version as its folder names it, such as `15`.
    package nonisolated let version: String
    nonisolated let programs: URL
    private let user: ServerUser?
    private let settings: [String: String]
    private var process: ChildProcess?

    private init(
        folder: URL, port: Int, password: String, programs: URL, user: ServerUser?, settings: [String: String]
    ) {
        self.folder = folder
        self.port = port
        self.password = password
        self.programs = programs
        self.version = programs.deletingLastPathComponent().lastPathComponent
        self.user = user
        self.settings = settings
    }

    /// Starts a server on the data in `folder`, which is made first if need be, and waits until it serves.
    ///
    /// - Parameters:
    ///   - port: The port to listen on; a free one if `nil`.
    ///   - settings: Further server settings, such as `["max_connections": "20"]`.
    package static func start(
        in folder: URL, port: Int? = nil, settings: [String: String] = [:]
    ) async throws(PrivateServerError) -> PrivatePostgres {
        let user = ServerUser.dropped(to: "postgres")
        let home = try await ServerFolder.prepare(folder, for: user)
        let programs = try ServerPrograms.postgres(for: PostgresCluster.data(in: home))
        let password = try await PostgresCluster(folder: home, programs: programs, user: user).ensureInitialized()
        let server = PrivatePostgres(
            folder: home, port: try LoopbackPort.chosen(port), password: password, programs: programs, user: user,
            settings: settings)
        try await server.launch()
        return server
    }

    /// The connection string of the database that every server has.
    package nonisolated var url: String { url(database: "postgres") }

    package nonisolated func url(database: String) -> String {
        "postgresql://paylinks:\(password)@127.0.0.1:\(port)/\(database)"
    }

    /// The server's process id while it runs.
    package var pid: Int32? { process?.exitStatus == nil ? process?.pid : nil }

    /// Starts the server again on the same port with the same data; one that still runs is stopped first.
    package func restart() async throws(PrivateServerError) {
        await stop()
        try await launch()
    }

    /// Ends the server as an administrator would: sessions are cut off, everything is written, nothing is to recover.
    package func stop() async {
        guard let process else { return }
        self.process = nil
        await process.stop(with: SIGINT, grace: .seconds(30))
    }

    /// Ends the server as a crash would: SIGKILL to it and all its processes at once.
    package func kill() async {
        guard let process else { return }
        self.process = nil
        await process.killTree()
    }

    /// Returns when the server has ended, for any reason.
    package func waitForExit() async {
        _ = await process?.waitForExit()
    }

    /// The last lines of the server's log.
    package nonisolated func logTail() -> String { TextFile.tail(of: log) }

    private nonisolated var log: URL { folder.appendingPathComponent("postgres.log") }

    private func launch() async throws(PrivateServerError) {
        PostgresCluster(folder: folder, programs: programs, user: user).removeStaleLock()
        let started = try await ChildProcess.start(serverLaunch)
        process = started
        do throws(PrivateServerError) {
            try await Readiness.wait(
                for: started, named: "PostgreSQL", within: .seconds(60), log: logTail, isReady: hasReported)
        } catch {
            await kill()
            throw error
        }
    }

    private var serverLaunch: Launch {
        let arguments = allSettings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return Launch(
            programs.appendingPathComponent("postgres").path,
            ["-D", folder.appendingPathComponent("data").path, "-p", String(port)] + arguments,
            environment: ["PATH": ServerPrograms.searchPath, "LANG": "C.UTF-8"], folder: folder, user: user,
            output: .file(log))
    }

    private var allSettings: [String: String] {
        let ours = [
            "listen_addresses": "127.0.0.1", "unix_socket_directories": socketFolder, "max_connections": "200",
            "shared_buffers": "256MB", "fsync": "on", "synchronous_commit": "on", "logging_collector": "off",
        ]
        return ours.merging(settings) { _, theirs in theirs }
    }

    /// Our folder, or none where the socket's path would be longer than the 107 bytes that a path may have (`unix(7)`).
    private var socketFolder: String {
        let longest = folder.path.utf8.count + "/.s.PGSQL.65535.lock".utf8.count
        return longest <= 107 && !folder.path.contains(",") ? folder.path : ""
    }

    /// The server writes its state into the last line of its lock file, as `pg_ctl -w` reads it.
    private func hasReported() -> Bool {
        let lock = TextFile.read(folder.appendingPathComponent("data/postmaster.pid").path)
        let lines = lock.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 7 && lines[0] == String(process?.pid ?? 0) && lines[7].hasPrefix("ready")
    }
}
