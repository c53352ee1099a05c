import Foundation
import PrivateServers
import Testing

@Suite struct ServerProgramsTests {
    @Test func `new data get the newest Postgres, and old data the one that wrote them`() async throws {
        try await withTestFolder { folder in
            for version in ["9", "15", "17"] { try Self.install(version, in: folder) }
            let data = folder.appending(path: "data")
            #expect(try ServerPrograms.postgres(for: data, in: folder).path == folder.path + "/17/bin")
            try Self.write("15\n", to: data.appending(path: "PG_VERSION"))
            #expect(try ServerPrograms.postgres(for: data, in: folder).path == folder.path + "/15/bin")
        }
    }

    @Test func `data of a version that is not installed are left alone, and the version is named`() async throws {
        try await withTestFolder { folder in
            try Self.install("17", in: folder)
            let data = folder.appending(path: "data")
            try Self.write("15\n", to: data.appending(path: "PG_VERSION"))
            let error = try #require(throws: PrivateServerError.self) {
                try ServerPrograms.postgres(for: data, in: folder)
            }
            #expect("\(error)".contains("PostgreSQL 15") && "\(error)".contains("postgresql-15"), "\(error)")
            #expect("\(error)".contains(data.path))
        }
    }

    private static func install(_ version: String, in folder: URL) throws {
        let program = folder.appending(path: "\(version)/bin/postgres")
        try write("", to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    }

    private static func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
}
