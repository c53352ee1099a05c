/// The sums that control records repeat, kept record by record.
package struct Tally: Hashable, Sendable {
    /// How many records of types 6 and 7 there are.
    package private(set) var entryAddendaCount: Int64 = 0
    /// Cents.
    package private(set) var totalDebit: Int64 = 0
    /// Cents.
    package private(set) var totalCredit: Int64 = 0
    private var institutionSum: Int64 = 0
    /// Whether every receiving DFI identification was readable. A hash is compared only then.
    private(set) var isHashKnown = true
    /// Whether every amount and its direction were readable. Totals are compared only then.
    private(set) var areTotalsKnown = true

    /// The last ten digits of the sum of the receiving DFI identifications, as control records have it.
    package var entryHash: Int64 { institutionSum % 10_000_000_000 }

    mutating func add(institution: Int64?, amount: Int64?, code: TransactionCode?) {
        entryAddendaCount &+= 1
        institutionSum = (institutionSum &+ (institution ?? 0)) % 10_000_000_000
        if institution == nil { isHashKnown = false }
        guard let amount, let code else {
            areTotalsKnown = false
            return
        }
        if code.isDebit { totalDebit &+= amount } else { totalCredit &+= amount }
    }

    mutating func addAddenda() {
        entryAddendaCount &+= 1
    }

    mutating func add(_ batch: Tally) {
        entryAddendaCount &+= batch.entryAddendaCount
        totalDebit &+= batch.totalDebit
        totalCredit &+= batch.totalCredit
        institutionSum = (institutionSum &+ batch.institutionSum) % 10_000_000_000
        isHashKnown = isHashKnown && batch.isHashKnown
        areTotalsKnown = areTotalsKnown && batch.areTotalsKnown
    }
}
