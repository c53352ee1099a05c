/// The addenda record of type 98: a notification of change, with the data that the receiving institution corrects.
package struct ChangeAddenda: Hashable, Sendable {
    package let code: ChangeCode
    /// The trace number of the entry that the notification is about.
    package let originalTrace: TraceNumber
    package let originalReceiver: DFIIdentification
    /// The layout of the data depends on the code. It is not blank.
    package let correctedData: NachaText
    /// The trace number of the entry that carries the notification.
    package let trace: TraceNumber

    /// Transliterates the corrected data and cuts them to 29 columns. Blank data are an error.
    package init(
        code: ChangeCode, originalTrace: TraceNumber, originalReceiver: DFIIdentification, correctedData: String,
        trace: TraceNumber
    ) throws(NachaValueError) {
        let field = ChangeAddendaLayout.correctedData
        self.code = code
        self.originalTrace = originalTrace
        self.originalReceiver = originalReceiver
        self.correctedData = try NachaText(correctedData, field).mandatory(field)
        self.trace = trace
    }

    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = ChangeAddendaLayout
        let code = scanner.code(Layout.changeCode, .unknownCode) { ChangeCode(String(decoding: $0, as: UTF8.self)) }
        let originalTrace = scanner.trace(Layout.originalEntryTraceNumber)
        scanner.blank(Layout.firstReserved)
        let originalReceiver = scanner.institution(Layout.originalReceivingDFIIdentification)
        correctedData = scanner.mandatoryText(Layout.correctedData)
        scanner.blank(Layout.secondReserved)
        let trace = scanner.trace(Layout.traceNumber)
        guard scanner.isIntact, let code, let originalTrace, let originalReceiver, let trace else { return nil }
        self.code = code
        self.originalTrace = originalTrace
        self.originalReceiver = originalReceiver
        self.trace = trace
    }

    var encoded: EncodedRecord {
        typealias Layout = ChangeAddendaLayout
        var record = EncodedRecord(.addenda)
        record.put("98", Layout.addendaTypeCode)
        record.put(code.description, Layout.changeCode)
        record.put(originalTrace.number, Layout.originalEntryTraceNumber)
        record.put(originalReceiver.number, Layout.originalReceivingDFIIdentification)
        record.put(correctedData, Layout.correctedData)
        record.put(trace.number, Layout.traceNumber)
        return record
    }
}
