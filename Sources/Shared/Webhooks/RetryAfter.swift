import Foundation
package import PaymentLinks

/// Reads how long an endpoint asks us to stay away. (RFC 9110, section 10.2.3)
package enum RetryAfter {
    /// The pause from `now`: of a number of seconds, or until an HTTP date; `nil` for anything else.
    package static func pause(_ text: String, now: Timestamp) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains), !text.isEmpty {
            return .seconds(min(Int64(text) ?? .max, longest))
        }
        guard let date = date(text) else { return nil }
        let seconds = Int64(min(max(date.timeIntervalSince1970, 0), Self.latestDate))
        let pause = Timestamp(microseconds: seconds * 1_000_000).duration(since: now)
        return min(max(pause, .zero), .seconds(longest))
    }

    /// A year: far beyond any pause that is granted, near enough never to overflow.
    private static let longest: Int64 = 365 * 24 * 3600
    /// The end of the year 9999, the last that an HTTP date can say, in seconds since 1970.
    private static let latestDate = 253_402_300_799.0

    /// The one form of HTTP dates that may still be sent: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
