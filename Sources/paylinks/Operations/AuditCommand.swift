import ArgumentParser
import Storage

/// `paylinks audit`: whether the books are right.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Checks the whole database: winners, ledger, balances, events.",
        discussion: """
            Each rule is one query over all rows, so it can run beside a live system; on a large one, run it on a \
            standby. Exits with 0 when every rule holds, and with 1 when any row breaks one.
            """)

    @OptionGroup var system: SystemOptions

    private struct Finding: Encodable {
        let name: String
        let rule: String
        let breaches: Int
        let samples: [String]
    }

    func run() async throws {
        let findings = try await system.withDatabase { try await AuditStore(pool: $0).audit() }.map {
            Finding(name: $0.check.name, rule: $0.check.rule, breaches: $0.breachCount, samples: $0.samples)
        }
        try Answer.print(findings, asJSON: system.json) { findings.flatMap(Self.lines) }
        if findings.contains(where: { $0.breaches > 0 }) { throw ExitCode.failure }
    }

    private static func lines(_ finding: Finding) -> [String] {
        guard finding.breaches > 0 else { return ["ok      \(finding.name)"] }
        return ["BREACH  \(finding.name): \(finding.breaches) rows. \(finding.rule)"]
            + finding.samples.map { "        \($0)" }
    }
}
