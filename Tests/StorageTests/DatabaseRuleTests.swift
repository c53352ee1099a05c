import PaymentLinks
import Postgres
import Storage
import Testing

/// What the database itself refuses, even if every rule above it were wrong.
@Suite("The database's own rules", .serialized)
struct DatabaseRuleTests {
    private static func run(_ body: (TestDatabase, Fixture) async throws -> Void) async throws {
        try await TestDatabase.run { try await body($0, try await Fixture($0)) }
    }

    @Test("A link has one winner")
    func secondWinner() async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            let winner = fixture.claim(link.slug)
            #expect(try await fixture.claims.decide([winner], removing: []).codes == [nil])
            let copy = """
                INSERT INTO claims (id, link_id, slug, method, status, transaction_id, amount, currency, request_digest,
                    created_at, settled_at, failed_at)
                SELECT gen_random_uuid(), link_id, slug, method, $1, transaction_id, amount, currency, request_digest,
                    created_at, now(), CASE $1 WHEN 'FAILED' THEN now() END FROM claims
                """
            #expect(try await database.refusal(of: copy, [.text("PENDING")]) == "claims_one_winner")
            #expect(try await database.refusal(of: copy, [.text("SETTLED")]) == "claims_one_winner")
            #expect(try await database.refusal(of: copy, [.text("FAILED")]) == nil)
        }
    }

    @Test("No balance is negative", arguments: ["available", "pending", "debt"])
    func negativeBalance(column: String) async throws {
        try await Self.run { (database, fixture) async throws in
            _ = try await fixture.wallet(funds: 5)
            let refusal = try await database.refusal(of: "UPDATE wallets SET \(column) = -1")
            #expect(refusal == "wallets_\(column)_not_negative")
        }
    }

    private static func insertion(_ lines: String) -> String {
        """
        INSERT INTO entries (id, transaction_id, step, line, account, amount, currency, created_at)
        SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', step, line, 'CONVERSION', amount, currency, now()
        FROM (VALUES \(lines)) AS given (step, line, amount, currency)
        """
    }

    private static let unbalanced = [
        "('CLAIM', 0, 5, 'USD')", "('CLAIM', 0, 5, 'USD'), ('CLAIM', 1, -4, 'USD')",
        "('CLAIM', 0, 5, 'USD'), ('CLAIM', 1, -5, 'USDC')", "('CLAIM', 0, 5, 'USD'), ('SETTLE', 0, -5, 'USD')",
    ]

    @Test("The entries of a step sum to zero in each currency", arguments: unbalanced)
    func unbalancedEntries(lines: String) async throws {
        try await Self.run { (database, _) async throws in
            #expect(try await database.refusal(of: Self.insertion(lines)) == "entries_sum_to_zero")
        }
    }

    @Test("A transaction takes a step once")
    func doubleStep() async throws {
        try await Self.run { (database, _) async throws in
            let step = Self.insertion("('CLAIM', 0, 5, 'USD'), ('CLAIM', 1, -5, 'USD')")
            #expect(try await database.refusal(of: step) == nil)
            #expect(try await database.refusal(of: step) == "entries_pkey")
            let next = Self.insertion("('SETTLE', 0, 5, 'USD'), ('SETTLE', 1, -5, 'USD')")
            #expect(try await database.refusal(of: next) == nil)
        }
    }

    @Test(
        "Entries are never changed or removed",
        arguments: ["UPDATE entries SET amount = amount", "DELETE FROM entries", "TRUNCATE entries"])
    func appendOnly(sql: String) async throws {
        try await Self.run { (database, fixture) async throws in
            _ = try await fixture.wallet(funds: 5)
            #expect(try await database.refusal(of: sql) == "entries_are_append_only")
            #expect(try await database.number("SELECT count(*) FROM entries") == 2)
        }
    }

    private static let wrongEntries: [(sql: String, rule: String)] = [
        ("('CLAIM', 0, 0, 'USD')", "entries_amount_check"), ("('STEAL', 0, 5, 'USD')", "entries_step_check"),
        ("('CLAIM', 0, 5, 'EUR')", "entries_currency_check"),
    ]

    @Test("An entry says what it may", arguments: wrongEntries)
    func wrongEntry(row: (sql: String, rule: String)) async throws {
        try await Self.run { (database, _) async throws in
            #expect(try await database.refusal(of: Self.insertion(row.sql)) == row.rule)
        }
    }

    private static let wrongLinks: [(change: String, rule: String)] = [
        ("status = 'CLAIMED'", "payment_links_claimed_by_a_claim"),
        ("status = 'CLAIMED', claim_id = gen_random_uuid()", "payment_links_claimed_by_a_claim"),
        ("status = 'CLAIMED', claimed_at = now()", "payment_links_claimed_by_a_claim"),
        ("claim_id = gen_random_uuid(), claimed_at = now()", "payment_links_claimed_by_a_claim"),
        ("status = 'CANCELLED'", "payment_links_cancelled_at"), ("cancelled_at = now()", "payment_links_cancelled_at"),
        ("status = 'EXPIRED'", "payment_links_expired_at"),
        (
            "status = 'EXPIRED', expired_at = now(), expires_at = now() + interval '1 microsecond'",
            "payment_links_never_expire_early"
        ),
        ("status = 'EXPIRED', expired_at = now(), expires_at = NULL", "payment_links_never_expire_early"),
        ("status = 'LOST'", "payment_links_status_check"), ("amount = 0", "payment_links_amount_check"),
    ]

    @Test("A link's columns agree with its status", arguments: wrongLinks)
    func wrongLink(row: (change: String, rule: String)) async throws {
        try await Self.run { (database, fixture) async throws in
            _ = try await fixture.link(to: try await fixture.wallet())
            #expect(try await database.refusal(of: "UPDATE payment_links SET \(row.change)") == row.rule)
        }
    }

    private static let wrongClaims: [(change: String, rule: String)] = [
        ("refusal = '{}'", "claims_refused_with_a_reason"), ("status = 'REFUSED'", "claims_refused_with_a_reason"),
        ("transaction_id = NULL", "claims_accepted_in_full"), ("link_id = NULL", "claims_accepted_in_full"),
        ("status = 'FAILED'", "claims_failed_at"), ("failed_at = now()", "claims_failed_at"),
        ("status = 'SETTLED'", "claims_settled_at"),
    ]

    @Test("A claim's columns agree with its status", arguments: wrongClaims)
    func wrongClaim(row: (change: String, rule: String)) async throws {
        try await Self.run { (database, fixture) async throws in
            let link = try await fixture.link(to: try await fixture.wallet())
            _ = try await fixture.claims.decide([fixture.claim(link.slug)], removing: [])
            #expect(try await database.refusal(of: "UPDATE claims SET \(row.change)") == row.rule)
        }
    }

    @Test("A statement that meets fewer or more rows than were planned undoes its transaction")
    func requireRows() async throws {
        try await Self.run { (database, _) async throws in
            #expect(try await database.refusal(of: "SELECT require_rows(1, 2, 'some_rule')") == "some_rule")
            #expect(try await database.refusal(of: "SELECT require_rows(3, 2, 'some_rule')") == "some_rule")
            #expect(try await database.number("SELECT require_rows(2, 2, 'some_rule')") == 2)
        }
    }
}
