/// The company/batch control record: the totals of a batch. The writer makes it; callers only read it.
package struct BatchControl: Hashable, Sendable {
    package let serviceClass: ServiceClass
    /// How many records of types 6 and 7 the batch holds.
    package let entryAddendaCount: Int64
    /// The last ten digits of the sum of the receiving DFI identifications.
    package let entryHash: Int64
    /// Cents.
    package let totalDebit: Int64
    /// Cents.
    package let totalCredit: Int64
    package let companyIdentification: NachaText
    package let messageAuthenticationCode: NachaText
    package let originatingDFI: DFIIdentification
    package let batchNumber: Int64

    init(_ header: BatchHeader, _ tally: Tally, messageAuthenticationCode: NachaText) {
        serviceClass = header.serviceClass
        entryAddendaCount = tally.entryAddendaCount
        entryHash = tally.entryHash
        totalDebit = tally.totalDebit
        totalCredit = tally.totalCredit
        companyIdentification = header.companyIdentification
        self.messageAuthenticationCode = messageAuthenticationCode
        originatingDFI = header.originatingDFI
        batchNumber = header.batchNumber
    }

    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = BatchControlLayout
        let serviceClass = scanner.value(Layout.serviceClassCode, .unknownCode) { ServiceClass(rawValue: Int($0)) }
        let count = scanner.number(Layout.entryAddendaCount)
        let hash = scanner.number(Layout.entryHash)
        let debit = scanner.number(Layout.totalDebitAmount)
        let credit = scanner.number(Layout.totalCreditAmount)
        companyIdentification = scanner.mandatoryText(Layout.companyIdentification)
        messageAuthenticationCode = scanner.text(Layout.messageAuthenticationCode)
        scanner.blank(Layout.reserved)
        let institution = scanner.institution(Layout.originatingDFIIdentification)
        let number = scanner.number(Layout.batchNumber, in: BatchHeader.batchNumbers)
        guard scanner.isIntact, let serviceClass, let count, let hash, let debit, let credit, let institution,
            let number
        else { return nil }
        self.serviceClass = serviceClass
        entryAddendaCount = count
        entryHash = hash
        totalDebit = debit
        totalCredit = credit
        originatingDFI = institution
        batchNumber = number
    }

    var encoded: EncodedRecord {
        typealias Layout = BatchControlLayout
        var record = EncodedRecord(.batchControl)
        record.put(Int64(serviceClass.rawValue), Layout.serviceClassCode)
        record.put(entryAddendaCount, Layout.entryAddendaCount)
        record.put(entryHash, Layout.entryHash)
        record.put(totalDebit, Layout.totalDebitAmount)
        record.put(totalCredit, Layout.totalCreditAmount)
        record.put(companyIdentification, Layout.companyIdentification)
        record.put(messageAuthenticationCode, Layout.messageAuthenticationCode)
        record.put(originatingDFI.number, Layout.originatingDFIIdentification)
        record.put(batchNumber, Layout.batchNumber)
        return record
    }
}
