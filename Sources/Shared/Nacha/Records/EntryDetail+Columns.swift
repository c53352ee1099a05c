extension EntryDetail {
    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner, isCorporate: Bool) {
        typealias Layout = EntryDetailLayout
        let code = scanner.value(Layout.transactionCode, .unknownCode) { TransactionCode(rawValue: Int($0)) }
        let receiver = Self.receiver(&scanner)
        let account = Self.account(&scanner)
        let amount = scanner.number(Layout.amount)
        identification = scanner.text(Layout.identificationNumber)
        if isCorporate {
            declaredAddenda = scanner.number(CorporateEntryDetailLayout.numberOfAddendaRecords)
            name = scanner.mandatoryText(CorporateEntryDetailLayout.receivingCompanyName)
            scanner.blank(CorporateEntryDetailLayout.reserved)
        } else {
            declaredAddenda = nil
            name = scanner.mandatoryText(Layout.name)
        }
        discretionaryData = scanner.text(Layout.discretionaryData)
        let indicator = scanner.number(Layout.addendaRecordIndicator, in: 0...1)
        let trace = scanner.trace(Layout.traceNumber)
        guard scanner.isIntact, let code, let receiver, let account, let amount, let indicator, let trace else {
            return nil
        }
        transactionCode = code
        self.receiver = receiver
        self.account = account
        self.amount = amount
        hasAddenda = indicator == 1
        self.trace = trace
    }

    private static func receiver(_ scanner: inout FieldScanner) -> RoutingTransitNumber? {
        typealias Layout = EntryDetailLayout
        let institution = scanner.institution(Layout.receivingDFIIdentification)
        let digit = scanner.number(Layout.checkDigit)
        guard let institution, let digit else { return nil }
        guard institution.checkDigit == Int(digit) else {
            scanner.report(Layout.checkDigit, .checkDigit(expected: institution.checkDigit))
            return nil
        }
        return RoutingTransitNumber(institution: institution)
    }

    private static func account(_ scanner: inout FieldScanner) -> DFIAccountNumber? {
        scanner.code(EntryDetailLayout.dfiAccountNumber, .notLeftJustified) { bytes in
            let end = bytes.lastIndex { $0 != .space }.map { $0 + 1 } ?? bytes.startIndex
            return DFIAccountNumber(bytes: Array(bytes[..<end]))
        }
    }

    var encoded: EncodedRecord {
        typealias Layout = EntryDetailLayout
        var record = EncodedRecord(.entryDetail)
        record.put(Int64(transactionCode.rawValue), Layout.transactionCode)
        record.put(receiver.institution.number, Layout.receivingDFIIdentification)
        record.put(Int64(receiver.checkDigit), Layout.checkDigit)
        record.put(account.unmasked, Layout.dfiAccountNumber)
        record.put(amount, Layout.amount)
        record.put(identification, Layout.identificationNumber)
        if let declaredAddenda {
            record.put(declaredAddenda, CorporateEntryDetailLayout.numberOfAddendaRecords)
            record.put(name, CorporateEntryDetailLayout.receivingCompanyName)
        } else {
            record.put(name, Layout.name)
        }
        record.put(discretionaryData, Layout.discretionaryData)
        record.put(hasAddenda ? 1 : 0, Layout.addendaRecordIndicator)
        record.put(trace.number, Layout.traceNumber)
        return record
    }
}
