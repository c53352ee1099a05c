import Foundation

/// Keeps files of the tests for the cross-check with other readers, if PAYLINKS_NACHA_SAMPLES names a folder.
enum SampleFolder {
    static func write(_ bytes: [UInt8], _ name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["PAYLINKS_NACHA_SAMPLES"] else { return }
        try Data(bytes).write(to: URL(filePath: folder).appending(path: name))
    }
}
