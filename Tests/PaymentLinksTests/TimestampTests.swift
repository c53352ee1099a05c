import FoundationEssentials
import PaymentLinks
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "An ISO 8601 time with a zone is an instant",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999Z", -1), ("1970-01-01T00:00:00.000001Z", 1),
            ("2026-04-01T00:00:00Z", 1_775_001_600_000_000), ("2026-04-01T02:00:00+02:00", 1_775_001_600_000_000),
            ("2026-03-31T18:30:00-05:30", 1_775_001_600_000_000), ("2026-04-01t00:00:00z", 1_775_001_600_000_000),
            ("2026-04-01T00:00:00-00:00", 1_775_001_600_000_000), ("2026-04-01T00:00:00.5Z", 1_775_001_600_500_000),
            ("2026-04-01T00:00:00.123456789Z", 1_775_001_600_123_456), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("2000-03-01T00:00:00Z", 951_868_800_000_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("2026-04-01T23:59:59+23:59", 1_775_001_659_000_000),
            ("2026-04-01T00:00:00.1234567890Z", 1_775_001_600_123_456),
            ("2026-04-01T00:00:00.999999999999999999999999999999Z", 1_775_001_600_999_999),
            ("2026-12-31T23:59:60Z", 1_798_761_600_000_000), ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
            ("2027-01-01T05:29:60+05:30", 1_798_761_600_000_000), ("1990-12-31t15:59:60-08:00", 662_688_000_000_000),
        ] as [(String, Int64)])
    func read(text: String, microseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.microseconds == microseconds)
    }

    @Test(
        "What names no instant is refused",
        arguments: [
            "", "2026-04-01", "2026-04-01T00:00:00", "2026-04-01T00:00Z", "2026-04-01 00:00:00Z",
            "2026-04-01T00:00:00+0200", "2026-04-01T00:00:00+02", "2026-04-01T00:00:00+24:00",
            "2026-04-01T00:00:00+02:60",
            "2026-04-01T24:00:00Z", "2026-04-01T00:60:00Z", "2026-12-31T23:59:61Z", "2026-12-30T23:59:60Z",
            "2026-12-31T12:00:60Z", "2026-12-31T23:58:60Z", "9999-12-31T23:59:60Z", "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-04-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "0000-12-31T00:00:00Z", "10000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:00-00:01", "2026-04-01T00:00:00.Z", "2026-04-01T00:00:00,5Z",
            "2026-04-01T00:00:00ZZ", " 2026-04-01T00:00:00Z", "2026-4-1T00:00:00Z",
            "2026-04-01T0:00:00Z", "20260401T000000Z", "+2026-04-01T00:00:00Z", "2026-04-01T-1:00:00Z",
            "２026-04-01T00:00:00Z", "2026-04-01T00:00:00\u{2212}02:00",
        ])
    func refused(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(
        "An instant is written in UTC with milliseconds, and cut rather than rounded",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (999, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_775_001_600_000_000, "2026-04-01T00:00:00.000Z"), (1_775_001_600_999_999, "2026-04-01T00:00:00.999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"), (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
            (Int64.min, "0001-01-01T00:00:00.000Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func written(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).iso8601 == text)
    }

    @Test("Every day from 1999 to 2101 follows the day before it")
    func calendarWalk() {
        var day = (year: 1999, month: 1, day: 1)
        for dayNumber in 10_592..<48_212 as Range<Int64> {
            let text = Timestamp(microseconds: dayNumber * 86_400_000_000).iso8601
            #expect(text == "\(day.year)-\(padded(day.month))-\(padded(day.day))T00:00:00.000Z")
            #expect(Timestamp(iso8601: text)?.microseconds == dayNumber * 86_400_000_000)
            day = next(day)
        }
        #expect(day == (2102, 1, 1))
    }

    @Test("Random instants are written as Foundation writes them", arguments: 1...20 as ClosedRange<UInt64>)
    func foundation(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let second = Int64.random(in: -11_000_000_000...253_402_300_799, using: &generator)
            let text = Date(timeIntervalSince1970: Double(second)).formatted(.iso8601).dropLast() + ".000Z"
            #expect(Timestamp(microseconds: second * 1_000_000).iso8601 == text, "seed \(seed)")
            #expect(Timestamp(iso8601: String(text))?.microseconds == second * 1_000_000, "seed \(seed)")
        }
    }

    @Test(
        "Durations move an instant by whole microseconds, and stop at the ends of the range",
        arguments: [
            (0, .seconds(1), 1_000_000), (0, .microseconds(-1), -1), (5, .nanoseconds(1999), 6),
            (5, .nanoseconds(-1), 4),
            (Int64.max, .seconds(1), Int64.max), (Int64.min, .seconds(-1), Int64.min),
            (0, .seconds(Int64.max), Int64.max), (0, .seconds(3653 * 86_400), 315_619_200_000_000),
        ] as [(Int64, Duration, Int64)])
    func advanced(from: Int64, by duration: Duration, to: Int64) {
        #expect(Timestamp(microseconds: from).advanced(by: duration).microseconds == to)
    }

    @Test("The duration between two instants is exact, in either direction")
    func durations() {
        let (early, late) = (Timestamp(microseconds: 1), Timestamp(microseconds: 2_000_001))
        #expect(late.duration(since: early) == .seconds(2))
        #expect(early.duration(since: late) == .seconds(-2))
        #expect(early < late)
        let whole = Timestamp(microseconds: .max).duration(since: Timestamp(microseconds: .min))
        #expect(whole == .microseconds(Int64.max) + .microseconds(Int64.max) + .microseconds(1))
    }

    @Test("A timestamp is an ISO 8601 string in JSON")
    func coding() throws {
        #expect(try JSON.text([Timestamp(microseconds: 1000)]) == #"["1970-01-01T00:00:00.001Z"]"#)
        #expect(try JSON.value(#"["1970-01-01T00:00:00.001Z"]"#) == [Timestamp(microseconds: 1000)])
        #expect(throws: DecodingError.self) { try JSON.value(#"["1970-01-01T00:00:00"]"#, as: [Timestamp].self) }
    }

    @Test("Now is the system's time")
    func now() {
        let before = Date.now.timeIntervalSince1970
        let now = Double(Timestamp.now().microseconds) / 1_000_000
        let after = Date.now.timeIntervalSince1970
        #expect((before - 0.001...after + 0.001).contains(now))
    }

    private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The calendar as children learn it, day after day.
    private func next(_ date: (year: Int, month: Int, day: Int)) -> (year: Int, month: Int, day: Int) {
        let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        if date.day < lengths[date.month - 1] { return (date.year, date.month, date.day + 1) }
        return date.month < 12 ? (date.year, date.month + 1, 1) : (date.year + 1, 1, 1)
    }
}
