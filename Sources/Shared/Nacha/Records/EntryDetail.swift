/// The entry detail record: one debit or credit of one account.
package struct EntryDetail: Hashable, Sendable {
    package let transactionCode: TransactionCode
    package let receiver: RoutingTransitNumber
    package let account: DFIAccountNumber
    /// Cents of a US dollar, 0 to 9,999,999,999. The transaction code gives the direction.
    package let amount: Int64
    /// What the originator knows the receiver or the payment by.
    package let identification: NachaText
    /// The receiver's name: 22 columns, or 16 in a CTX batch.
    package let name: NachaText
    /// How many addenda records the entry has, of a CTX batch; nil otherwise.
    package let declaredAddenda: Int64?
    /// In a WEB batch: the payment type, `S` single or `R` recurring.
    package let discretionaryData: NachaText
    package let hasAddenda: Bool
    package let trace: TraceNumber

    /// The amounts that the field holds, in cents.
    package static let amounts: ClosedRange<Int64> = 0...9_999_999_999

    /// The numbers of addenda records that a CTX entry can declare.
    package static let addendaCounts: ClosedRange<Int64> = 0...9_999

    /// Transliterates the texts and cuts them to their fields.
    ///
    /// A blank name, or an amount or number of addenda records that the field does not hold, is an error.
    package init(
        transactionCode: TransactionCode, receiver: RoutingTransitNumber, account: DFIAccountNumber, amount: Int64,
        identification: String = "", name: String, declaredAddenda: Int64? = nil, discretionaryData: String = "",
        hasAddenda: Bool = false, trace: TraceNumber
    ) throws(NachaValueError) {
        let nameField =
            declaredAddenda == nil
            ? EntryDetailLayout.name : CorporateEntryDetailLayout.receivingCompanyName
        self.transactionCode = transactionCode
        self.receiver = receiver
        self.account = account
        self.amount = try amount.fitting(EntryDetailLayout.amount, Self.amounts)
        self.identification = NachaText(identification, EntryDetailLayout.identificationNumber)
        self.name = try NachaText(name, nameField).mandatory(nameField)
        self.declaredAddenda = try declaredAddenda?
            .fitting(CorporateEntryDetailLayout.numberOfAddendaRecords, Self.addendaCounts)
        self.discretionaryData = NachaText(discretionaryData, EntryDetailLayout.discretionaryData)
        self.hasAddenda = hasAddenda
        self.trace = trace
    }

    /// The same record with another addenda record indicator.
    func indicating(addenda hasAddenda: Bool) -> EntryDetail {
        EntryDetail(self, hasAddenda: hasAddenda)
    }

    private init(_ other: EntryDetail, hasAddenda: Bool) {
        transactionCode = other.transactionCode
        receiver = other.receiver
        account = other.account
        amount = other.amount
        identification = other.identification
        name = other.name
        declaredAddenda = other.declaredAddenda
        discretionaryData = other.discretionaryData
        self.hasAddenda = hasAddenda
        trace = other.trace
    }
}
