import PaymentLinks
import Testing
import Webhooks

@Suite("Delivery schedule")
struct DeliveryScheduleTests {
    private static let schedule = DeliverySchedule(pauses: [
        .zero, .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ])

    @Test("Each pause is its own, a tenth more or less", arguments: Array(zip(1...9, Self.schedule.pauses.dropFirst())))
    func pauses(attempts: Int, pause: Duration) throws {
        var generator = SystemRandomNumberGenerator()
        var seen: Set<Duration> = []
        for _ in 0..<200 {
            let jittered = try #require(
                Self.schedule.pause(afterAttempts: attempts, retryAfter: nil, using: &generator))
            #expect(jittered >= pause * 0.9)
            #expect(jittered <= pause * 1.1)
            seen.insert(jittered)
        }
        #expect(seen.count > 100, "pauses are spread")
    }

    @Test("The tenth failed attempt was the last")
    func end() {
        var generator = SystemRandomNumberGenerator()
        #expect(Self.schedule.pause(afterAttempts: 10, retryAfter: .seconds(60), using: &generator) == nil)
    }

    @Test(
        "Retry-After makes a pause longer, never shorter, and never longer than a day",
        arguments: [
            (1, Duration.seconds(60), Duration.seconds(60)...Duration.seconds(60)),
            (1, .seconds(1), .milliseconds(4500)...(.milliseconds(5500))),
            (2, .seconds(10), .seconds(270)...(.seconds(330))),
            (1, .seconds(90_000), .seconds(86_400)...(.seconds(86_400))),
        ])
    func retryAfter(attempts: Int, asked: Duration, granted: ClosedRange<Duration>) throws {
        var generator = SystemRandomNumberGenerator()
        let pause = Self.schedule.pause(afterAttempts: attempts, retryAfter: asked, using: &generator)
        #expect(granted.contains(try #require(pause)))
    }

    @Test(
        "Retry-After is read in seconds or as an HTTP date",
        arguments: [
            ("0", Duration.zero), ("120", .seconds(120)), (" 7 ", .seconds(7)),
            ("Wed, 01 Apr 2026 00:02:00 GMT", .seconds(120)), ("Wed, 01 Apr 2026 00:00:00 GMT", .zero),
            ("Tue, 31 Mar 2026 00:00:00 GMT", .zero), ("99999999999999999999", .seconds(31_536_000)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(31_536_000)),
        ])
    func readable(text: String, pause: Duration) throws {
        let now = try #require(Timestamp(iso8601: "2026-04-01T00:00:00Z"))
        #expect(RetryAfter.pause(text, now: now) == pause)
    }

    @Test(
        "Anything else is no Retry-After",
        arguments: [
            "", "-1", "+1", "1.5", "soon", "2026-04-01T00:00:00Z", "Mon, 06 Nov 300000 08:49:37 GMT",
            "Sat, 06 Nov 999999999 08:49:37 GMT",
        ])
    func unreadable(text: String) {
        #expect(RetryAfter.pause(text, now: .now()) == nil)
    }
}
