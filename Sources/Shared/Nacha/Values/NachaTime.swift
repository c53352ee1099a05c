/// A time of day that a Nacha field spells as HHMM.
package struct NachaTime: Hashable, Sendable {
    package let hour: Int
    package let minute: Int

    /// The result is nil if the clock does not show the time.
    package init?(hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        self.hour = hour
        self.minute = minute
    }

    init?(number: Int64) {
        self.init(hour: Int(number / 100), minute: Int(number % 100))
    }

    var number: Int64 { Int64(hour * 100 + minute) }
}
