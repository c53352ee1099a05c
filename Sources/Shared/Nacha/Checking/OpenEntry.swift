/// The entry to which the next addenda records belong. Values are nil where a field was not readable.
struct OpenEntry: Hashable, Sendable {
    let line: Int
    let code: TransactionCode?
    let institution: Int64?
    let amount: Int64?
    let trace: Int64?
    let indicator: Int64?
    /// How many addenda records a CTX entry declares.
    let declaredAddenda: Int64?
    var addendaCount = 0
    var kind = EntryKind.forward

    init(_ line: Line, isCorporate: Bool) {
        typealias Layout = EntryDetailLayout
        self.line = line.number
        code = line.digits(Layout.transactionCode).flatMap { TransactionCode(rawValue: Int($0)) }
        institution = line.digits(Layout.receivingDFIIdentification)
        amount = line.digits(Layout.amount)
        trace = line.digits(Layout.traceNumber)
        indicator = line.digits(Layout.addendaRecordIndicator)
        declaredAddenda = isCorporate ? line.digits(CorporateEntryDetailLayout.numberOfAddendaRecords) : nil
    }

    /// Whether the code is one of returns and notifications. False if the code was not readable.
    var isReturn: Bool { code?.purpose == .returned }
}
