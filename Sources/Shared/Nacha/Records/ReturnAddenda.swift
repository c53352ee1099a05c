/// The addenda record of type 99 of a return: why the receiving institution sends the entry back.
package struct ReturnAddenda: Hashable, Sendable {
    package let code: ReturnCode
    /// The trace number of the entry that comes back.
    package let originalTrace: TraceNumber
    /// Only with R14 and R15, where the receiver or the payee has died.
    package let dateOfDeath: NachaDate?
    package let originalReceiver: DFIIdentification
    package let information: NachaText
    /// The trace number of the return itself.
    package let trace: TraceNumber

    /// Transliterates the information and cuts it to 44 columns.
    ///
    /// The code of a dishonored or contested return is an error: these have layouts of their own.
    package init(
        code: ReturnCode, originalTrace: TraceNumber, dateOfDeath: NachaDate? = nil,
        originalReceiver: DFIIdentification, information: String = "", trace: TraceNumber
    ) throws(NachaValueError) {
        typealias Layout = ReturnAddendaLayout
        if code.isDishonored || code.isContested {
            throw NachaValueError(Layout.returnReasonCode, .unknownCode)
        }
        self.code = code
        self.originalTrace = originalTrace
        self.dateOfDeath = dateOfDeath
        self.originalReceiver = originalReceiver
        self.information = NachaText(information, Layout.addendaInformation)
        self.trace = trace
    }

    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = ReturnAddendaLayout
        let code = scanner.returnCode(Layout.returnReasonCode)
        let originalTrace = scanner.trace(Layout.originalEntryTraceNumber)
        dateOfDeath = scanner.optional(Layout.dateOfDeath, .notADate, NachaDate.init(number:))
        let originalReceiver = scanner.institution(Layout.originalReceivingDFIIdentification)
        information = scanner.text(Layout.addendaInformation)
        let trace = scanner.trace(Layout.traceNumber)
        guard scanner.isIntact, let code, let originalTrace, let originalReceiver, let trace else { return nil }
        self.code = code
        self.originalTrace = originalTrace
        self.originalReceiver = originalReceiver
        self.trace = trace
    }

    var encoded: EncodedRecord {
        typealias Layout = ReturnAddendaLayout
        var record = EncodedRecord(.addenda)
        record.put("99", Layout.addendaTypeCode)
        record.put(code.description, Layout.returnReasonCode)
        record.put(originalTrace.number, Layout.originalEntryTraceNumber)
        record.put(dateOfDeath?.number, Layout.dateOfDeath)
        record.put(originalReceiver.number, Layout.originalReceivingDFIIdentification)
        record.put(information, Layout.addendaInformation)
        record.put(trace.number, Layout.traceNumber)
        return record
    }
}
