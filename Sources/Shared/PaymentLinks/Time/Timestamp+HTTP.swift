extension Timestamp {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The second as HTTP's fields write it, as in `Wed, 01 Apr 2026 00:00:00 GMT`. (RFC 9110, section 5.6.7)
    package var httpDate: String {
        let (days, secondOfDay) = (microseconds.flooredQuotient(by: 1_000_000).quotient).flooredQuotient(by: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        // 1970-01-01 was a Thursday.
        let weekday = Self.weekdays[Int(days.flooredQuotient(by: 7).remainder)]
        let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map(Self.twoDigits)
        let month = Self.months[Int(date.month) - 1]
        return "\(weekday), \(Self.twoDigits(date.day)) \(month) \(date.year) \(time.joined(separator: ":")) GMT"
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
}
