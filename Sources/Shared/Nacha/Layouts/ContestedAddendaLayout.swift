/// The addenda record of type 99 of a contested dishonored return.
///
/// Source: Nacha Operating Rules, Appendix Four.
package enum ContestedAddendaLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let addendaTypeCode = Field("addenda type code", column: 2, length: 2)
    static let contestedDishonoredReturnReasonCode = Field(
        "contested dishonored return reason code", column: 4, length: 3)
    static let originalEntryTraceNumber = Field("original entry trace number", column: 7, length: 15)
    static let dateOriginalEntryReturned = Field("date original entry returned", column: 22, length: 6)
    static let originalReceivingDFIIdentification = Field(
        "original receiving DFI identification", column: 28, length: 8)
    static let originalSettlementDate = Field("original settlement date", column: 36, length: 3)
    static let returnTraceNumber = Field("return trace number", column: 39, length: 15)
    static let returnSettlementDate = Field("return settlement date", column: 54, length: 3)
    static let returnReasonCode = Field("return reason code", column: 57, length: 2)
    static let dishonoredReturnTraceNumber = Field("dishonored return trace number", column: 59, length: 15)
    static let dishonoredReturnSettlementDate = Field("dishonored return settlement date", column: 74, length: 3)
    static let dishonoredReturnReasonCode = Field("dishonored return reason code", column: 77, length: 2)
    static let reserved = Field("reserved", column: 79, length: 1)
    static let traceNumber = Field("trace number", column: 80, length: 15)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, addendaTypeCode, contestedDishonoredReturnReasonCode, originalEntryTraceNumber,
        dateOriginalEntryReturned, originalReceivingDFIIdentification, originalSettlementDate, returnTraceNumber,
        returnSettlementDate, returnReasonCode, dishonoredReturnTraceNumber, dishonoredReturnSettlementDate,
        dishonoredReturnReasonCode, reserved, traceNumber,
    ]
}
