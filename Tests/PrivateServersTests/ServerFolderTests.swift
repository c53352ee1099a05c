import Foundation
import Glibc
import PrivateServers
import Testing

@Suite struct ServerFolderTests {
    @Test func `a substitute's name follows from the wanted path alone`() {
        let one = ServerFolder.substitute(for: URL(fileURLWithPath: "/root/a/.paylinks/postgres"))
        let again = ServerFolder.substitute(for: URL(fileURLWithPath: "/root/a/b/../.paylinks/postgres"))
        let other = ServerFolder.substitute(for: URL(fileURLWithPath: "/root/b/.paylinks/postgres"))
        #expect(one == again)
        #expect(one != other)
        #expect(one.path.hasPrefix("/var/tmp/paylinks-postgres-"))
    }

    /// Only root's servers run as another user, so only root's homes can be closed to them.
    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func `a server that cannot enter the folder uses its substitute, and finds its data there again`() async throws {
        try await withTestFolder { folder in
            chmod(folder.path, 0o700)
            let wanted = folder.appendingPathComponent("postgres")
            let substitute = ServerFolder.substitute(for: wanted)
            defer { try? FileManager.default.removeItem(at: substitute) }
            let first = try await PrivatePostgres.start(in: wanted)
            #expect(first.folder == substitute)
            try await first.run("CREATE TABLE kept ()")
            await first.stop()
            let second = try await PrivatePostgres.start(in: wanted)
            #expect(try await second.run("SELECT count(*) FROM kept") == "0\n")
            await second.kill()
        }
    }
}
