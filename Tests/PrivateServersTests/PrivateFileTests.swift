import Foundation
import Glibc
import PrivateServers
import Testing

@Suite struct PrivateFileTests {
    @Test func `a regular file of one's own with mode 0600 or 0400 is read, and one that is absent is nothing`()
        async throws
    {
        try await withTestFolder { folder in
            let file = folder.appending(path: "record")
            #expect(try PrivateFile.read(file) == nil)
            #expect(try PrivateFile.read(file.appending(path: "below")) == nil)
            try Data("text".utf8).write(to: file)
            for mode: mode_t in [0o600, 0o400, 0o700] {
                #expect(chmod(file.path, mode) == 0)
                #expect(try PrivateFile.read(file) == Data("text".utf8))
                #expect(try PrivateFile.read(file.appending(path: "below")) == nil)
            }
        }
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666] as [mode_t])
    func `a file that others may open in any way is not read`(mode: mode_t) async throws {
        try await withTestFolder { folder in
            let file = folder.appending(path: "record")
            try Data("text".utf8).write(to: file)
            #expect(chmod(file.path, mode) == 0)
            #expect(throws: PrivateFile.Problem.openToOthers(mode: mode)) { try PrivateFile.read(file) }
        }
    }

    @Test func `a link, a folder, a pipe, and a file without an end are not read`() async throws {
        try await withTestFolder { folder in
            let (file, link) = (folder.appending(path: "record"), folder.appending(path: "link"))
            try Data("text".utf8).write(to: file)
            #expect(chmod(file.path, 0o600) == 0 && symlink(file.path, link.path) == 0)
            #expect(throws: PrivateFile.Problem.link) { try PrivateFile.read(link) }
            #expect(throws: PrivateFile.Problem.notRegular) { try PrivateFile.read(folder) }
            let pipe = folder.appending(path: "pipe")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            #expect(throws: PrivateFile.Problem.notRegular) { try PrivateFile.read(pipe) }
            #expect(truncate(file.path, 1 << 21) == 0)
            #expect(throws: PrivateFile.Problem.tooLong) { try PrivateFile.read(file) }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `a file of another user is not read`() async throws {
        try await withTestFolder { folder in
            let file = folder.appending(path: "record")
            try Data("text".utf8).write(to: file)
            #expect(chmod(file.path, 0o600) == 0 && chown(file.path, 65_534, 65_534) == 0)
            #expect(throws: PrivateFile.Problem.ownedByAnotherUser) { try PrivateFile.read(file) }
        }
    }
}
