extension Duration {
    private static let settingUnits: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// 36,500 days: with it, every sum of a time and a duration stays within the ranges of Swift and Postgres.
    private static let longestMilliseconds: Int64 = 36_500 * 86_400_000

    /// Reads a whole number and a unit: `250ms`, `10s`, `5m`, `24h`, `7d`.
    ///
    /// Nil for anything else: a sign, a fraction, a number without a unit, or more than 36,500 days.
    package init?(setting text: String) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let suffix = text.dropFirst(digits.count)
        guard let count = Int64(digits), let unit = Self.settingUnits.first(where: { $0.suffix == suffix }) else {
            return nil
        }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, milliseconds <= Self.longestMilliseconds else { return nil }
        self = .milliseconds(milliseconds)
    }

    /// The same spelling, in the largest unit that holds the duration without a rest.
    var setting: String {
        let milliseconds = Int64(self / .milliseconds(1))
        let unit = Self.settingUnits.last { milliseconds != 0 && milliseconds % $0.milliseconds == 0 }
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.suffix)" } ?? "0s"
    }
}
