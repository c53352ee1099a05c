import Postgres
import Testing

@Suite("Errors and pauses")
struct PolicyTests {
    static let verdicts: [(PostgresError, Bool)] = [
        (.outcomeUnknown, true), (.connectionLost, true), (.unavailable("busy"), true), (.overloaded, true),
        (.closed, false), (.cancelled, false), (.decoding("column 0"), false),
        (server("40001"), true), (server("40P01"), true), (server("57P01"), true), (server("57P03"), true),
        (server("08006"), true), (server("53300"), true), (server("25006"), true),
        (server("0A000"), true), (server("26000"), true),
        (server("57014"), false), (server("57P04"), false), (server("23505"), false), (server("42601"), false),
        (server("40002"), false), (server("25P02"), false),
    ]

    @Test("tell transient errors from lasting ones", arguments: verdicts)
    func transience(error: PostgresError, isTransient: Bool) {
        #expect(error.isTransient == isTransient)
    }

    @Test("name the unique constraint that was violated")
    func uniqueViolation() {
        let error = PostgresError.server(ServerError(sqlState: "23505", message: "", constraint: "links_slug"))
        #expect(error.isUniqueViolation())
        #expect(error.isUniqueViolation(constraint: "links_slug"))
        #expect(!error.isUniqueViolation(constraint: "links_id"))
        #expect(!Self.server("23503").isUniqueViolation())
        #expect(error.sqlState == "23505")
        #expect(PostgresError.closed.sqlState == nil)
    }

    private static func server(_ sqlState: String) -> PostgresError {
        .server(ServerError(sqlState: sqlState, message: ""))
    }
}
