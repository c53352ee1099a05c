import PaymentLinks
package import Postgres

/// One rule that must hold over the whole database, and the question that finds what breaks it.
package struct AuditCheck: Sendable {
    /// What operators and logs call the rule.
    package let name: String
    /// The rule, as a sentence.
    package let rule: String
    /// Selects the prefix and the UUID of what breaks the rule, a text for each row that does. One statement, so that
    /// it sees one moment of a live system.
    let breaches: String

    fileprivate var statement: Statement {
        Statement(
            "audit_\(name)",
            """
            WITH breach (subject) AS (\(breaches))
            SELECT (SELECT count(*) FROM breach), coalesce(array_agg(subject), '{}')
            FROM (SELECT subject FROM breach LIMIT 10) AS sample
            """)
    }
}

/// What an audit found of one rule.
package struct AuditFinding: Sendable {
    package let check: AuditCheck
    package let breachCount: Int
    /// Up to ten of those that break the rule, by the ids that the API has for them.
    package let samples: [String]

    /// - Parameter subject: a prefix and a UUID, as a check selects them.
    fileprivate static func identifier(_ subject: String) -> String {
        let parts = subject.split(separator: "_", maxSplits: 1)
        guard parts.count == 2, let ulid = ULID(uuid: parts[1]) else { return subject }
        return "\(parts[0])_\(ulid)"
    }
}

/// Checks that the books are right: every rule, over every row.
package struct AuditStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Asks every question and returns every answer; a clean database has no breach in any.
    package func audit() async throws(StorageError) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        for check in AuditCheck.all { findings.append(try await ask(check)) }
        return findings
    }

    private func ask(_ check: AuditCheck) async throws(StorageError) -> AuditFinding {
        try await StorageError.wrapping {
            let row = try await pool.run([Query(check.statement)])[0].firstRow()
            return AuditFinding(
                check: check, breachCount: Int(try row.int64(0)), samples: try row.texts(1).map(AuditFinding.identifier)
            )
        }
    }
}
