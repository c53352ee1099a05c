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
    var record: URL { folder.appendingPathComponent("dev.json") }

    func log(of instance: RoleInstance) -> URL {
        folder.appendingPathComponent("logs").appendingPathComponent("\(instance.name).log")
    }

    /// Keeps the log of the run before under another name, and no older one: logs do not grow over the runs.
    func setLogAside(of instance: RoleInstance) {
        let log = log(of: instance).path
        rename(log, log + ".old")
    }

    /// Reads one of the folder's JSON files; `nil` if it is not there or is of another shape.
    func read<Value: Decodable>(_ type: Value.Type, from name: String) -> Value? {
        try? readOrThrow(type, from: name)
    }

    /// The same for what must never be made anew over an old one: `nil` only if it is not there.
    func readOrThrow<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value? {
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try JSONDecoder().decode(type, from: try Data(contentsOf: file))
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
