import Foundation

/// A new folder that is removed, with what the servers left in it, when the body is done.
func withTestFolder(_ body: (URL) async throws -> Void) async throws {
    let name = "paylinks-servers-\(UInt64.random(in: .min ... .max))"
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    // Servers that run as another user must be able to pass through.
    try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
}
