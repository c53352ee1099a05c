/// The addenda record of type 99 of a contested dishonored return.
///
/// With it the receiving institution insists on its return. It is the last step that the network offers.
package struct ContestedAddenda: Hashable, Sendable {
    /// R71 to R77.
    package let code: ReturnCode
    package let originalTrace: TraceNumber
    package let dateOriginalEntryReturned: NachaDate?
    package let originalReceiver: DFIIdentification
    package let originalSettlementDate: DayOfYear?
    package let returned: Step
    package let dishonored: Step
    /// The trace number of the contested return itself.
    package let trace: TraceNumber

    /// An earlier step that the record repeats: the return or the dishonored return.
    package struct Step: Hashable, Sendable {
        package let trace: TraceNumber
        package let settlementDate: DayOfYear?
        package let code: ReturnCode

        package init(trace: TraceNumber, settlementDate: DayOfYear?, code: ReturnCode) {
            self.trace = trace
            self.settlementDate = settlementDate
            self.code = code
        }
    }

    /// A code outside R71 to R77 is an error.
    package init(
        code: ReturnCode, originalTrace: TraceNumber, dateOriginalEntryReturned: NachaDate?,
        originalReceiver: DFIIdentification, originalSettlementDate: DayOfYear?, returned: Step, dishonored: Step,
        trace: TraceNumber
    ) throws(NachaValueError) {
        if !code.isContested {
            throw NachaValueError(ContestedAddendaLayout.contestedDishonoredReturnReasonCode, .unknownCode)
        }
        self.code = code
        self.originalTrace = originalTrace
        self.dateOriginalEntryReturned = dateOriginalEntryReturned
        self.originalReceiver = originalReceiver
        self.originalSettlementDate = originalSettlementDate
        self.returned = returned
        self.dishonored = dishonored
        self.trace = trace
    }
}

extension ContestedAddenda {
    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = ContestedAddendaLayout
        let code = scanner.returnCode(Layout.contestedDishonoredReturnReasonCode)
        let originalTrace = scanner.trace(Layout.originalEntryTraceNumber)
        dateOriginalEntryReturned = scanner.optional(
            Layout.dateOriginalEntryReturned, .notADate, NachaDate.init(number:))
        let originalReceiver = scanner.institution(Layout.originalReceivingDFIIdentification)
        originalSettlementDate = scanner.dayOfYear(Layout.originalSettlementDate)
        let returned = Step(
            scanning: &scanner, Layout.returnTraceNumber, Layout.returnSettlementDate, Layout.returnReasonCode)
        let dishonored = Step(
            scanning: &scanner, Layout.dishonoredReturnTraceNumber, Layout.dishonoredReturnSettlementDate,
            Layout.dishonoredReturnReasonCode)
        scanner.blank(Layout.reserved)
        let trace = scanner.trace(Layout.traceNumber)
        guard scanner.isIntact, let code, let originalTrace, let originalReceiver, let returned, let dishonored,
            let trace
        else { return nil }
        self.code = code
        self.originalTrace = originalTrace
        self.originalReceiver = originalReceiver
        self.returned = returned
        self.dishonored = dishonored
        self.trace = trace
    }

    var encoded: EncodedRecord {
        typealias Layout = ContestedAddendaLayout
        var record = EncodedRecord(.addenda)
        record.put("99", Layout.addendaTypeCode)
        record.put(code.description, Layout.contestedDishonoredReturnReasonCode)
        record.put(originalTrace.number, Layout.originalEntryTraceNumber)
        record.put(dateOriginalEntryReturned?.number, Layout.dateOriginalEntryReturned)
        record.put(originalReceiver.number, Layout.originalReceivingDFIIdentification)
        record.put(originalSettlementDate.map { Int64($0.number) }, Layout.originalSettlementDate)
        record.put(returned.trace.number, Layout.returnTraceNumber)
        record.put(returned.settlementDate.map { Int64($0.number) }, Layout.returnSettlementDate)
        record.put(Int64(returned.code.number), Layout.returnReasonCode)
        record.put(dishonored.trace.number, Layout.dishonoredReturnTraceNumber)
        record.put(dishonored.settlementDate.map { Int64($0.number) }, Layout.dishonoredReturnSettlementDate)
        record.put(Int64(dishonored.code.number), Layout.dishonoredReturnReasonCode)
        record.put(trace.number, Layout.traceNumber)
        return record
    }
}

extension ContestedAddenda.Step {
    init?(scanning scanner: inout FieldScanner, _ traceField: Field, _ dateField: Field, _ codeField: Field) {
        let trace = scanner.trace(traceField)
        let date = scanner.dayOfYear(dateField)
        let code = scanner.returnCodeDigits(codeField)
        guard let trace, let code else { return nil }
        self.init(trace: trace, settlementDate: date, code: code)
    }
}
