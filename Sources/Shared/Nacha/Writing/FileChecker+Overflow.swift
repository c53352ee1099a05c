extension FileChecker {
    /// The first control field that cannot hold what the records so far lead to, or nil if all can.
    ///
    /// The writer asks before it writes a record, so that a file never needs a control record that does not fit.
    var overflow: Field? {
        batch?.tally.overflow(BatchControlLayout.totals) ?? sum.overflow(FileControlLayout.totals)
    }

    /// The tally of the file as if the open batch ended here.
    private var sum: Tally {
        var sum = tally
        if let batch { sum.add(batch.tally) }
        return sum
    }
}

extension Tally {
    fileprivate func overflow(_ fields: TotalFields) -> Field? {
        if entryAddendaCount > fields.count.largest { return fields.count }
        if totalDebit > fields.debit.largest { return fields.debit }
        return totalCredit > fields.credit.largest ? fields.credit : nil
    }
}

extension Field {
    /// The largest number that the field holds.
    fileprivate var largest: Int64 {
        (0..<length).reduce(1) { power, _ in power * 10 } - 1
    }
}
