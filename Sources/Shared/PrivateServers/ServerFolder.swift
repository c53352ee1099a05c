package import Foundation
import Glibc

/// The folder that one server has to itself, owned by the user that it runs as and closed to all others.
package enum ServerFolder {
    /// Makes the folder and returns where it really is.
    ///
    /// A server that runs as another user cannot enter a folder below, say, a closed home. Then the folder is one under
    /// `/var/tmp` whose name follows from the wanted path, so the next start finds the same data.
    static func prepare(_ wanted: URL, for user: ServerUser?) async throws(PrivateServerError) -> URL {
        let parent = wanted.standardizedFileURL.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw .unusableFolder(parent.path, reason: "\(error.localizedDescription)")
        }
        guard let user else { return try make(wanted.standardizedFileURL, for: nil) }
        if await canEnter(parent, as: user) { return try make(wanted.standardizedFileURL, for: user) }
        return try make(substitute(for: wanted), for: user)
    }

    /// The folder that stands in for one that a server cannot reach.
    package static func substitute(for wanted: URL) -> URL {
        let path = wanted.standardizedFileURL.path
        let name = "paylinks-\(wanted.lastPathComponent)-\(fingerprint(of: path))"
        return URL(fileURLWithPath: "/var/tmp").appendingPathComponent(name)
    }

    private static func canEnter(_ folder: URL, as user: ServerUser) async -> Bool {
        let outcome = try? await Command.run("/usr/bin/test", ["-x", folder.path], environment: [:], user: user)
        return outcome != nil
    }

    /// Makes the folder, or takes over the one that is there if it is ours.
    private static func make(_ folder: URL, for user: ServerUser?) throws(PrivateServerError) -> URL {
        let owner = user?.uid ?? geteuid()
        if mkdir(folder.path, 0o700) == 0 {
            chown(folder.path, owner, user?.gid ?? getegid())
            return folder
        }
        guard errno == EEXIST else { throw .unusableFolder(folder.path, reason: String(cString: strerror(errno))) }
        var status = stat()
        guard lstat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .unusableFolder(folder.path, reason: "it is not a folder")
        }
        guard status.st_uid == owner else {
            throw .unusableFolder(
                folder.path, reason: "it belongs to user id \(status.st_uid), and the server runs as \(owner)")
        }
        chmod(folder.path, 0o700)
        return folder
    }

    /// 64-bit FNV-1a in hexadecimal: the same for the same path on every run, which `Hasher` is not.
    private static func fingerprint(of text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
