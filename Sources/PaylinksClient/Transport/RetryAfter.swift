package import Foundation

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a time in any of the three forms of RFC 9110, 5.6.7.
package enum RetryAfter {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// How long to wait, in whole seconds, never negative; nil for what is neither.
    package static func pause(_ text: String, from now: Date) -> Duration? {
        if !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) { return .seconds(Int64(text) ?? .max) }
        return date(text, now).map { .seconds(max(0, Int64($0.timeIntervalSince(now).rounded(.up)))) }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: String, _ now: Date) -> Date? {
        let words = text.split(whereSeparator: { " ,-".contains($0) }).map(String.init)
        if words.count == 6, words[5] == "GMT" {
            return date(day: words[1], month: words[2], year: words[3], time: words[4], now)
        }
        return words.count == 5 ? date(day: words[2], month: words[1], year: words[4], time: words[3], now) : nil
    }

    private static func date(day: String, month: String, year: String, time: String, _ now: Date) -> Date? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { number($0, digits: 2...2) }
        guard let month = months.firstIndex(of: month), let day = number(day, digits: 1...2), (1...31).contains(day),
            let year = self.year(year, now), clock.count == 3, let hour = clock[0], let minute = clock[1],
            let second = clock[2], hour < 24, minute < 60, second <= 60
        else { return nil }
        let parts = DateComponents(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
        return calendar.date(from: parts)
    }

    /// One of two digits that would lie more than 50 years ahead is of the century before.
    private static func year(_ text: String, _ now: Date) -> Int? {
        guard let year = number(text, digits: 2...4), text.utf8.count != 3 else { return nil }
        guard text.utf8.count == 2 else { return year }
        let thisYear = calendar.component(.year, from: now)
        let inThisCentury = thisYear / 100 * 100 + year
        return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury
    }

    private static func number(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(text)
    }
}
