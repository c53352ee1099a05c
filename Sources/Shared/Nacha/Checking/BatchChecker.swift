/// Checks the records of one batch against each other, one record at a time and in constant memory.
///
/// Rules that need an unreadable field are skipped, because the field has its own breach already.
struct BatchChecker: Hashable, Sendable {
    let facts: BatchFacts
    private(set) var tally = Tally()
    private(set) var openEntry: OpenEntry?
    private var lastTrace: Int64?
    private var kind: EntryKind?

    init(_ facts: BatchFacts) {
        self.facts = facts
    }

    /// Reads an entry detail record. Call `closeEntry` first.
    mutating func entry(_ scanner: inout FieldScanner) -> EntryDetail? {
        let record = EntryDetail(scanning: &scanner, isCorporate: facts.isCorporate)
        let entry = OpenEntry(scanner.line, isCorporate: facts.isCorporate)
        checkCode(entry, &scanner)
        checkAmount(entry, &scanner)
        checkTrace(entry, &scanner)
        tally.add(institution: entry.institution, amount: entry.amount, code: entry.code)
        openEntry = entry
        return record
    }

    /// Ends the entry, and returns the breaches that only its last addenda record decides. It may be called twice.
    mutating func closeEntry() -> [Breach] {
        guard let entry = openEntry else { return [] }
        openEntry = nil
        var breaches = entry.addendaBreaches
        if let kind, kind != entry.kind {
            breaches.append(Breach(line: entry.line, EntryDetailLayout.transactionCode, .mixedEntryKinds))
        }
        kind = kind ?? entry.kind
        return breaches
    }

    private func checkCode(_ entry: OpenEntry, _ scanner: inout FieldScanner) {
        guard let code = entry.code else { return }
        if let serviceClass = facts.serviceClass, !serviceClass.allows(code) {
            scanner.report(EntryDetailLayout.transactionCode, .contradictsServiceClass)
        }
        if let entryClass = facts.standardEntryClass, !entryClass.allows(code) {
            scanner.report(EntryDetailLayout.transactionCode, .notAllowedInBatch)
        }
    }

    private func checkAmount(_ entry: OpenEntry, _ scanner: inout FieldScanner) {
        guard let code = entry.code, let amount = entry.amount else { return }
        let isChange = facts.standardEntryClass == .cor
        switch code.purpose {
        case .live where amount == 0: scanner.report(EntryDetailLayout.amount, .mustNotBeZero)
        case .prenote where amount != 0, .zeroDollar where amount != 0:
            scanner.report(EntryDetailLayout.amount, .mustBeZero)
        case .returned where isChange && amount != 0: scanner.report(EntryDetailLayout.amount, .mustBeZero)
        default: break
        }
    }

    private mutating func checkTrace(_ entry: OpenEntry, _ scanner: inout FieldScanner) {
        guard let trace = entry.trace else { return }
        if let institution = facts.institution, trace / 10_000_000 != institution {
            scanner.report(EntryDetailLayout.traceNumber, .differs(expected: institution))
        }
        if let lastTrace, trace <= lastTrace {
            scanner.report(EntryDetailLayout.traceNumber, .notAscending(previous: lastTrace))
        }
        lastTrace = trace
    }

    /// Reads an addenda record. The scanner reports a record that has no entry, an unknown type, or a rule it breaks.
    mutating func addenda(_ scanner: inout FieldScanner, layout: RecordLayout) -> Addenda? {
        tally.addAddenda()
        let record = Addenda(scanning: &scanner, layout: layout)
        guard let entry = openEntry else {
            scanner.report(PaymentAddendaLayout.recordTypeCode, .missingRecord(.entryDetail))
            return record
        }
        openEntry?.addendaCount += 1
        openEntry?.kind = EntryKind(layout)
        check(addenda: layout, of: entry, &scanner)
        return record
    }

    /// Counts an addenda record whose type is unknown.
    mutating func unknownAddenda() {
        tally.addAddenda()
        openEntry?.addendaCount += 1
    }
}

extension StandardEntryClass {
    /// Whether an entry of the class can have the code.
    func allows(_ code: TransactionCode) -> Bool {
        switch code.purpose {
        case .returned: true
        case .zeroDollar: self == .ccd || self == .ctx
        case .live, .prenote: self != .cor
        }
    }
}

extension OpenEntry {
    /// What is wrong with the number and kind of the addenda records that followed the entry.
    fileprivate var addendaBreaches: [Breach] {
        var breaches: [Breach] = []
        if let indicator, indicator <= 1, (indicator == 1) != (addendaCount > 0) {
            let rule = BreachRule.addendaIndicator(addendaRecords: addendaCount)
            breaches.append(Breach(line: line, EntryDetailLayout.addendaRecordIndicator, rule))
        }
        if isReturn, kind == .forward {
            breaches.append(Breach(line: line, EntryDetailLayout.transactionCode, .missingReturnAddenda))
        }
        if let declaredAddenda, kind == .forward, !isReturn, declaredAddenda != addendaCount {
            let rule = BreachRule.differs(expected: Int64(addendaCount))
            breaches.append(Breach(line: line, CorporateEntryDetailLayout.numberOfAddendaRecords, rule))
        }
        return breaches
    }
}
