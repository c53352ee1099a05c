package import Foundation
import Glibc

/// Reads files that hold secrets: only what the user's own, private files say may be believed.
package enum PrivateFile {
    /// Why a file is not used.
    package enum Problem: Error, Hashable, CustomStringConvertible {
        case link
        case notRegular
        case ownedByAnotherUser
        /// Others may read or change it; with its permission bits.
        case openToOthers(mode: UInt32)
        case tooLong
        case unreadable(String)

        package var description: String {
            switch self {
            case .link: "it is a symbolic link"
            case .notRegular: "it is not a regular file"
            case .ownedByAnotherUser: "it belongs to another user"
            case .openToOthers(let mode): "its mode is 0\(String(mode, radix: 8)) and must be 0600"
            case .tooLong: "it is longer than \(PrivateFile.longest) bytes"
            case .unreadable(let reason): reason
            }
        }
    }

    /// In bytes.
    static let longest = 1 << 20

    /// The bytes of a regular file that belongs to the effective user and that no other user may open; nil if no file
    /// is there. (`open(2)`, `fstat(2)`)
    package static func read(_ url: URL) throws(Problem) -> Data? {
        // A pipe must not hold up the check of what it is.
        let descriptor = open(url.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw errno == ELOOP ? .link : .unreadable(String(cString: strerror(errno)))
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try check(descriptor)
        do {
            let data = try file.read(upToCount: longest + 1) ?? Data()
            if data.count <= longest { return data }
        } catch {
            throw .unreadable("\(error)")
        }
        throw .tooLong
    }

    /// Looks at the open file, so that nothing can take its place in between.
    private static func check(_ descriptor: Int32) throws(Problem) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        guard facts.st_uid == geteuid() else { throw .ownedByAnotherUser }
        let mode = facts.st_mode & 0o7777
        guard mode & 0o077 == 0 else { throw .openToOthers(mode: mode) }
    }
}
