package import Postgres

/// One rule that must hold over the whole database, and the question that finds what breaks it.
package struct AuditCheck: Sendable {
    /// What operators and logs call the rule.
    package let name: String
    /// The rule, as a sentence.
    package let rule: String
    /// Selects one text for each row that breaks the rule. One statement, so that it sees one moment of a live system.
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
    /// Up to ten of the rows that break the rule.
    package let samples: [String]
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
            return AuditFinding(check: check, breachCount: Int(try row.int64(0)), samples: try row.texts(1))
        }
    }
}
