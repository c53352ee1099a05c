import Foundation
import PaylinksClient
import Testing

@Suite("What is sent again, and when")
struct RetryPolicyTests {
    private let policy = RetryPolicy(maxRetries: 3)

    private static func refused(_ status: Int, _ code: String, retryAfter: Duration? = nil) -> PaylinksError {
        .refused(
            Refusal(
                status: status, code: code, message: "No.", details: [:], fields: [], requestId: nil,
                retryAfter: retryAfter))
    }

    @Test(
        "Refusals at the door are always sent again; faults only where that is safe",
        arguments: [
            (refused(429, "RATE_LIMIT_EXCEEDED"), true, true), (refused(503, "OVERLOADED"), true, true),
            (refused(503, "QUEUE_UNAVAILABLE"), true, false), (refused(500, "INTERNAL_ERROR"), true, false),
            (refused(502, ""), true, false), (.noAnswer("reset"), true, false), (.timedOut(), true, false),
            (refused(409, "IDEMPOTENCY_IN_PROGRESS"), true, false),
            (refused(409, "LINK_ALREADY_CLAIMED"), false, false),
            (refused(400, "VALIDATION_ERROR"), false, false), (refused(401, "UNAUTHORIZED"), false, false),
            (refused(402, "INSUFFICIENT_FUNDS"), false, false), (refused(404, "NOT_FOUND"), false, false),
            (.unreadable("x"), false, false), (.cancelled(), false, false), (refused(429, ""), true, false),
            (refused(429, "SLOW_DOWN"), true, false),
        ] as [(PaylinksError, Bool, Bool)])
    func kinds(_ error: PaylinksError, _ isRepeatedWhenSafe: Bool, _ isRepeatedOtherwise: Bool) {
        for repetition in [Repetition.always, .keyed] {
            #expect((policy.pause(after: error, repetition, attempt: 0, chance: 0) != nil) == isRepeatedWhenSafe)
        }
        #expect((policy.pause(after: error, .refusedOnly, attempt: 0, chance: 0) != nil) == isRepeatedOtherwise)
    }

    @Test("Pauses double up to a bound, vary in full, and end with the last try")
    func pauses() {
        let patient = RetryPolicy(maxRetries: 100)
        let most = (0..<8).map { patient.pause(after: .timedOut(), .always, attempt: $0, chance: 1) }
        #expect(most == [250, 500, 1000, 2000, 4000, 8000, 8000, 8000].map { .milliseconds($0) })
        #expect(patient.pause(after: .timedOut(), .always, attempt: 99, chance: 0) == .zero)
        #expect(policy.pause(after: .timedOut(), .always, attempt: 2, chance: 0.5) == .milliseconds(500))
        #expect(policy.pause(after: .timedOut(), .always, attempt: 3, chance: 0.5) == nil)
    }

    @Test("Retry-After comes before the pause, and one of more than a minute is not waited for")
    func retryAfter() {
        let soon = Self.refused(429, "RATE_LIMIT_EXCEEDED", retryAfter: .seconds(2))
        #expect(policy.pause(after: soon, .always, attempt: 0, chance: 0.2) == .milliseconds(2050))
        let late = Self.refused(429, "RATE_LIMIT_EXCEEDED", retryAfter: .seconds(61))
        #expect(policy.pause(after: late, .always, attempt: 0, chance: 0) == nil)
    }

    @Test(
        "Retry-After is read as seconds and as a time of each form, and never goes back",
        arguments: [
            ("0", 0), ("7", 7), ("61", 61), ("99999999999999999999", Int64.max), ("-5", nil), ("", nil), ("soon", nil),
            ("Wed, 15 Jan 2027 08:00:10 GMT", 10), ("Wednesday, 15-Jan-27 08:00:10 GMT", 10),
            ("Wed Jan 15 08:00:10 2027", 10), ("Wed Jan  5 08:00:10 2028", 30_672_010),
            ("Wed, 15 Jan 2027 07:59:59 GMT", 0), ("Fri, 15-Jan-99 08:00:10 GMT", 0),
            ("Wed, 32 Jan 2027 08:00:10 GMT", nil), ("Wed, 15 Jam 2027 08:00:10 GMT", nil),
            ("Wed, 15 Jan 2027 24:00:10 GMT", nil), ("Wed, 15 Jan 2027 08:00 GMT", nil),
            ("Wed, 15 Jan 2027 08:00:10 CET", nil), ("Wed, 15 Jan 227 08:00:10 GMT", nil),
        ] as [(String, Int64?)])
    func retryAfterForms(_ text: String, _ seconds: Int64?) {
        // Half a second behind 08:00.
        let now = Date(timeIntervalSince1970: 1_800_000_000.5)
        #expect(RetryAfter.pause(text, from: now) == seconds.map { .seconds($0) })
    }
}
