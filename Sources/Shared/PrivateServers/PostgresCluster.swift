import Foundation
import Glibc

/// The data folder of a private Postgres, before a server runs on it.
struct PostgresCluster {
    let folder: URL
    let programs: URL
    let user: ServerUser?

    static func data(in folder: URL) -> URL { folder.appendingPathComponent("data") }

    private var data: URL { Self.data(in: folder) }
    private var passwordFile: URL { folder.appendingPathComponent("password") }

    /// Makes the cluster on the first start, and returns the superuser's password.
    ///
    /// `initdb` works in a draft that is renamed at the end, so that an interrupted first start leaves nothing behind
    /// that a second one would trip over.
    func ensureInitialized() async throws(PrivateServerError) -> String {
        if FileManager.default.fileExists(atPath: data.appendingPathComponent("PG_VERSION").path) {
            return TextFile.read(passwordFile.path).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let password = RandomSecret.text()
        try TextFile.writePrivately(password + "\n", to: passwordFile, owner: user)
        let draft = folder.appendingPathComponent("data.draft")
        try? FileManager.default.removeItem(at: draft)
        try await initialize(draft)
        guard rename(draft.path, data.path) == 0 else {
            throw .unusableFolder(data.path, reason: String(cString: strerror(errno)))
        }
        return password
    }

    /// Removes the lock file of a server that was killed.
    ///
    /// A server would do so itself, unless the process id in it belongs to another program of the same user by now.
    func removeStaleLock() {
        let lock = data.appendingPathComponent("postmaster.pid")
        guard let first = TextFile.read(lock.path).split(separator: "\n").first, let pid = Int32(first) else { return }
        let holder = TextFile.read("/proc/\(pid)/cmdline")
        if !holder.contains(data.path) { try? FileManager.default.removeItem(at: lock) }
    }

    private func initialize(_ draft: URL) async throws(PrivateServerError) {
        try await Command.run(
            programs.appendingPathComponent("initdb").path,
            [
                "--pgdata", draft.path, "--username", "paylinks", "--pwfile", passwordFile.path,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--data-checksums",
            ],
            environment: ["PATH": ServerPrograms.searchPath, "LANG": "C.UTF-8"], user: user)
    }
}
