import ArgumentParser
import Storage

/// `paylinks migrate`: brings the schema up to this version.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the database's schema up to this version.",
        discussion: """
            Steps are numbered and go forward only; each runs in a transaction of its own. Any number may run at once: \
            one works, the others wait and find nothing to do. Run it before the new version's roles start.
            """)

    @Flag(help: "Change nothing: say whether the schema is this version's, and exit with 1 if it is not.")
    var check = false

    @OptionGroup var system: SystemOptions

    private struct Applied: Encodable {
        let number: Int
        let name: String
        let locking: String
    }

    private struct Standing: Encodable {
        let version: Int
        let wanted: Int
    }

    func run() async throws {
        try await check ? compare() : apply()
    }

    private func compare() async throws {
        let version = try await system.withDatabase { try await Migrator(pool: $0).currentVersion() }
        let standing = Standing(version: version, wanted: Migrator.lastVersion)
        let isCurrent = standing.version == standing.wanted
        try Answer.print(standing, asJSON: system.json) {
            [isCurrent ? "the schema is current" : "the schema is at step \(version) of \(standing.wanted)"]
        }
        if !isCurrent { throw ExitCode.failure }
    }

    private func apply() async throws {
        let applied = try await system.withDatabase { try await Migrator(pool: $0).migrate() }
            .map { Applied(number: $0.number, name: $0.name, locking: $0.locking) }
        try Answer.print(applied, asJSON: system.json) {
            applied.isEmpty
                ? ["the schema is current"] : applied.map { "applied \($0.number): \($0.name) (\($0.locking))" }
        }
    }
}
