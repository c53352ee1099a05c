import Foundation
import Glibc
import PrivateServers

/// The folder that a development system keeps everything in. Only one system at a time may hold it.
final class DevelopmentHome: Sendable {
    let folder: URL
    /// Holds the lock for as long as it is open. (`flock(2)`)
    private let lock: Int32

    /// Makes the folder if need be and locks it.
    init(_ path: String) throws {
        folder = URL(fileURLWithPath: path).standardizedFileURL
        // The servers' folders are below, and when we are root the servers are not: they must be able to pass through.
        let mode = geteuid() == 0 ? 0o711 : 0o700
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        lock = try Self.lock(folder)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("logs"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    deinit {
        close(lock)
    }

    var postgres: URL { folder.appendingPathComponent("postgres") }
    var rabbitMQ: URL { folder.appendingPathComponent("rabbitmq") }
    var record: URL { folder.appendingPathComponent(DevelopmentRecord.file) }
    /// Which processes ended by themselves in this run, when, and how.
    var restarts: URL { folder.appendingPathComponent("logs").appendingPathComponent("restarts.log") }

    func log(of instance: RoleInstance) -> URL {
        folder.appendingPathComponent("logs").appendingPathComponent("\(instance.name).log")
    }

    /// Keeps the log of the previous run under another name, and removes the one before it, so that logs do not grow
    /// over the runs.
    func setAside(_ log: URL) {
        rename(log.path, log.path + ".old")
    }

    /// Reads one of the folder's JSON files; `nil` if it is absent.
    ///
    /// Throws `DevelopmentError.foreignFile` for a file that is not the user's own private one, and a decoding error
    /// for one of another shape.
    func read<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value? {
        let file = folder.appendingPathComponent(name)
        do {
            return try PrivateFile.read(file).map { try JSONDecoder().decode(type, from: $0) }
        } catch let problem as PrivateFile.Problem {
            throw DevelopmentError.foreignFile(file.path, problem)
        }
    }

    /// Writes one of the folder's JSON files, in one step and for our eyes only.
    func write(_ value: some Encodable, to name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
        try TextFile.writePrivately(text, to: folder.appendingPathComponent(name))
    }

    func remove(_ name: String) {
        try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }

    private static func lock(_ folder: URL) throws -> Int32 {
        let path = folder.appendingPathComponent("lock").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw PrivateServerError.unusableFolder(folder.path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw DevelopmentError.homeInUse(folder.path)
        }
        return descriptor
    }
}
