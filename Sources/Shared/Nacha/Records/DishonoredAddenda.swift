/// The addenda record of type 99 of a dishonored return: why the originating DFI refuses a return.
package struct DishonoredAddenda: Hashable, Sendable {
    /// R61 to R70.
    package let code: ReturnCode
    package let originalTrace: TraceNumber
    package let originalReceiver: DFIIdentification
    /// The trace number of the return that is dishonored.
    package let returnTrace: TraceNumber
    package let returnSettlementDate: DayOfYear?
    /// The code of the return that is dishonored.
    package let returnCode: ReturnCode
    package let information: NachaText
    /// The trace number of the dishonored return itself.
    package let trace: TraceNumber

    /// Transliterates the information and cuts it to 21 columns. A code outside R61 to R70 is an error.
    package init(
        code: ReturnCode, originalTrace: TraceNumber, originalReceiver: DFIIdentification, returnTrace: TraceNumber,
        returnSettlementDate: DayOfYear?, returnCode: ReturnCode, information: String = "", trace: TraceNumber
    ) throws(NachaValueError) {
        typealias Layout = DishonoredAddendaLayout
        if !code.isDishonored { throw NachaValueError(Layout.dishonoredReturnReasonCode, .unknownCode) }
        self.code = code
        self.originalTrace = originalTrace
        self.originalReceiver = originalReceiver
        self.returnTrace = returnTrace
        self.returnSettlementDate = returnSettlementDate
        self.returnCode = returnCode
        self.information = NachaText(information, Layout.addendaInformation)
        self.trace = trace
    }

    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = DishonoredAddendaLayout
        let code = scanner.returnCode(Layout.dishonoredReturnReasonCode)
        let originalTrace = scanner.trace(Layout.originalEntryTraceNumber)
        scanner.blank(Layout.firstReserved)
        let originalReceiver = scanner.institution(Layout.originalReceivingDFIIdentification)
        scanner.blank(Layout.secondReserved)
        let returnTrace = scanner.trace(Layout.returnTraceNumber)
        returnSettlementDate = scanner.dayOfYear(Layout.returnSettlementDate)
        let returnCode = scanner.returnCodeDigits(Layout.returnReasonCode)
        information = scanner.text(Layout.addendaInformation)
        let trace = scanner.trace(Layout.traceNumber)
        guard scanner.isIntact, let code, let originalTrace, let originalReceiver, let returnTrace, let returnCode,
            let trace
        else { return nil }
        self.code = code
        self.originalTrace = originalTrace
        self.originalReceiver = originalReceiver
        self.returnTrace = returnTrace
        self.returnCode = returnCode
        self.trace = trace
    }

    var encoded: EncodedRecord {
        typealias Layout = DishonoredAddendaLayout
        var record = EncodedRecord(.addenda)
        record.put("99", Layout.addendaTypeCode)
        record.put(code.description, Layout.dishonoredReturnReasonCode)
        record.put(originalTrace.number, Layout.originalEntryTraceNumber)
        record.put(originalReceiver.number, Layout.originalReceivingDFIIdentification)
        record.put(returnTrace.number, Layout.returnTraceNumber)
        record.put(returnSettlementDate.map { Int64($0.number) }, Layout.returnSettlementDate)
        record.put(Int64(returnCode.number), Layout.returnReasonCode)
        record.put(information, Layout.addendaInformation)
        record.put(trace.number, Layout.traceNumber)
        return record
    }
}
