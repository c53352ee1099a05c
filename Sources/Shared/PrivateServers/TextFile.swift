package import Foundation
import Glibc

/// Small text files: written whole, for one user's eyes; read whole, or their end.
package enum TextFile {
    /// The file's text, or nothing if it cannot be read.
    static func read(_ path: String) -> String {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Puts a file in place in one step, readable by its owner alone, so that no reader ever sees half of it.
    package static func writePrivately(
        _ text: String, to url: URL, owner: ServerUser? = nil, mode: UInt32 = 0o600
    ) throws(PrivateServerError) {
        let draft = url.path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .unusableFolder(url.path, reason: String(cString: strerror(errno))) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw .unusableFolder(url.path, reason: "\(error)")
        }
        if let owner { fchown(descriptor, owner.uid, owner.gid) }
        guard rename(draft, url.path) == 0 else {
            throw .unusableFolder(url.path, reason: String(cString: strerror(errno)))
        }
    }

    /// The last `lines` lines of a file, of its last 16 KiB at most.
    package static func tail(of url: URL, lines: Int = 20) -> String {
        guard let file = try? FileHandle(forReadingFrom: url), let size = try? file.seekToEnd() else { return "" }
        try? file.seek(toOffset: size > 16_384 ? size - 16_384 : 0)
        let data = (try? file.readToEnd()) ?? Data()
        let all = String(decoding: data, as: UTF8.self).split(separator: "\n")
        return all.suffix(lines).joined(separator: "\n")
    }
}
