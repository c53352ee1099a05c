/// A settlement date as the ACH Operator writes it: the day's number in its year, 1 to 366.
package struct DayOfYear: Hashable, Sendable {
    package let number: Int

    /// The result is nil if the number is not in 1 to 366.
    package init?(_ number: Int) {
        guard (1...366).contains(number) else { return nil }
        self.number = number
    }
}
