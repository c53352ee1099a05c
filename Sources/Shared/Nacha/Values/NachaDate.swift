/// A calendar day that a Nacha field spells as YYMMDD: 2000-01-01 to 2099-12-31.
package struct NachaDate: Hashable, Sendable {
    /// 2000 to 2099.
    package let year: Int
    package let month: Int
    package let day: Int

    /// The result is nil if the calendar does not have the day, or the century is another.
    package init?(year: Int, month: Int, day: Int) {
        guard (2000...2099).contains(year), (1...12).contains(month) else { return nil }
        guard (1...Self.length(ofMonth: month, year: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Splits a number of the form YYMMDD.
    init?(number: Int64) {
        self.init(year: 2000 + Int(number / 10_000), month: Int(number / 100 % 100), day: Int(number % 100))
    }

    /// The day as a number of the form YYMMDD.
    var number: Int64 { Int64((year - 2000) * 10_000 + month * 100 + day) }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension NachaDate: Comparable {
    package static func < (left: NachaDate, right: NachaDate) -> Bool { left.number < right.number }
}
