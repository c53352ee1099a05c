/// The addenda record of type 05: up to 80 characters about the payment.
package struct PaymentAddenda: Hashable, Sendable {
    package let information: NachaText
    /// 1 for the first addenda record of an entry, then ascending by one. At most 9,999.
    package let sequence: Int64
    /// The last seven digits of the entry's trace number.
    package let entrySequence: Int64

    /// Transliterates the text and cuts it to 80 columns. A sequence that its field does not hold is an error.
    package init(information: String, sequence: Int64 = 1, entry: TraceNumber) throws(NachaValueError) {
        typealias Layout = PaymentAddendaLayout
        self.information = NachaText(information, Layout.paymentRelatedInformation)
        self.sequence = try sequence.fitting(Layout.addendaSequenceNumber, 1...9_999)
        entrySequence = entry.sequence
    }

    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = PaymentAddendaLayout
        information = scanner.text(Layout.paymentRelatedInformation)
        let sequence = scanner.number(Layout.addendaSequenceNumber, in: 1...9_999)
        let entrySequence = scanner.number(Layout.entryDetailSequenceNumber)
        guard scanner.isIntact, let sequence, let entrySequence else { return nil }
        self.sequence = sequence
        self.entrySequence = entrySequence
    }

    var encoded: EncodedRecord {
        typealias Layout = PaymentAddendaLayout
        var record = EncodedRecord(.addenda)
        record.put("05", Layout.addendaTypeCode)
        record.put(information, Layout.paymentRelatedInformation)
        record.put(sequence, Layout.addendaSequenceNumber)
        record.put(entrySequence, Layout.entryDetailSequenceNumber)
        return record
    }
}
