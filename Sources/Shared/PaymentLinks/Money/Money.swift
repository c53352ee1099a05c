/// An amount of one currency, counted in its smallest unit, so that no sum is ever rounded.
package struct Money: Hashable, Sendable {
    /// Cents of USD, millionths of USDC; negative for a debit.
    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The same value in the other currency, at par; nil when that has no exact or no representable answer.
    ///
    /// A sub-cent amount of USDC has no equal in USD, and is never rounded to one.
    package func converted(to target: Currency) -> Money? {
        let ratio = target.minorUnitsPerWhole.quotientAndRemainder(dividingBy: currency.minorUnitsPerWhole)
        if ratio.remainder == 0 { return multiplied(by: ratio.quotient, as: target) }
        return divided(by: currency.minorUnitsPerWhole / target.minorUnitsPerWhole, as: target)
    }

    private func multiplied(by factor: Int64, as target: Currency) -> Money? {
        let (product, overflow) = minorUnits.multipliedReportingOverflow(by: factor)
        return overflow ? nil : Money(minorUnits: product, currency: target)
    }

    private func divided(by divisor: Int64, as target: Currency) -> Money? {
        let (quotient, remainder) = minorUnits.quotientAndRemainder(dividingBy: divisor)
        return remainder == 0 ? Money(minorUnits: quotient, currency: target) : nil
    }
}

extension Money {
    /// The same value in another currency, once `converted(to:)` is known to succeed; the amount itself otherwise.
    func inCurrency(_ currency: Currency) -> Money {
        converted(to: currency) ?? self
    }
}

extension Money: CustomStringConvertible {
    /// The canonical decimal: at least two decimals, beyond them none that is a trailing zero, never an exponent.
    package var description: String {
        let (whole, fraction) = minorUnits.magnitude
            .quotientAndRemainder(dividingBy: currency.minorUnitsPerWhole.magnitude)
        var text = minorUnits < 0 ? "-" : ""
        text.append(String(whole))
        text.append(".")
        text.appendFraction(fraction, scale: currency.scale)
        return text
    }
}

extension String {
    /// Appends a fraction's digits, without trailing zeros from the third decimal on.
    fileprivate mutating func appendFraction(_ fraction: UInt64, scale: Int) {
        var fraction = fraction
        var decimals = scale
        while decimals > 2 && fraction.isMultiple(of: 10) {
            fraction /= 10
            decimals -= 1
        }
        let digits = String(fraction)
        for _ in digits.utf8.count..<decimals { append("0") }
        append(digits)
    }
}
