/// What one connection knows of its prepared statements.
///
/// A statement whose preparation is still under way serves only the unit that sends it along: should an earlier
/// statement of that unit fail, the preparation is skipped, and a unit behind it would fail for its neighbour's fault.
struct PreparedStatements: Sendable {
    private enum Status { case underway, ready }

    private var statuses: [Statement: Status] = [:]

    /// Whether a unit with these queries can be sent now, or must wait for a preparation's answer.
    func canServe(_ queries: [Query]) -> Bool {
        queries.allSatisfy { statuses[$0.statement] != .underway }
    }

    /// Returns true, once, if the caller has to prepare the statement.
    mutating func begin(_ statement: Statement) -> Bool {
        if statuses[statement] != nil { return false }
        statuses[statement] = .underway
        return true
    }

    mutating func remember(_ statement: Statement) {
        statuses[statement] = .ready
    }

    mutating func forget(_ statement: Statement) {
        statuses[statement] = nil
    }
}
