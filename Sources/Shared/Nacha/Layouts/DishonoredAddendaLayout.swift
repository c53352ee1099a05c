/// The addenda record of type 99 of a dishonored return. Source: Nacha Operating Rules, Appendix Four.
package enum DishonoredAddendaLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let addendaTypeCode = Field("addenda type code", column: 2, length: 2)
    static let dishonoredReturnReasonCode = Field("dishonored return reason code", column: 4, length: 3)
    static let originalEntryTraceNumber = Field("original entry trace number", column: 7, length: 15)
    static let firstReserved = Field("first reserved", column: 22, length: 6)
    static let originalReceivingDFIIdentification = Field(
        "original receiving DFI identification", column: 28, length: 8)
    static let secondReserved = Field("second reserved", column: 36, length: 3)
    static let returnTraceNumber = Field("return trace number", column: 39, length: 15)
    static let returnSettlementDate = Field("return settlement date", column: 54, length: 3)
    static let returnReasonCode = Field("return reason code", column: 57, length: 2)
    static let addendaInformation = Field("addenda information", column: 59, length: 21)
    static let traceNumber = Field("trace number", column: 80, length: 15)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, addendaTypeCode, dishonoredReturnReasonCode, originalEntryTraceNumber, firstReserved,
        originalReceivingDFIIdentification, secondReserved, returnTraceNumber, returnSettlementDate,
        returnReasonCode, addendaInformation, traceNumber,
    ]
}
