/// The addenda record of type 99 of a return. Source: Nacha Operating Rules, Appendix Four.
package enum ReturnAddendaLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let addendaTypeCode = Field("addenda type code", column: 2, length: 2)
    static let returnReasonCode = Field("return reason code", column: 4, length: 3)
    static let originalEntryTraceNumber = Field("original entry trace number", column: 7, length: 15)
    static let dateOfDeath = Field("date of death", column: 22, length: 6)
    static let originalReceivingDFIIdentification = Field(
        "original receiving DFI identification", column: 28, length: 8)
    static let addendaInformation = Field("addenda information", column: 36, length: 44)
    static let traceNumber = Field("trace number", column: 80, length: 15)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, addendaTypeCode, returnReasonCode, originalEntryTraceNumber, dateOfDeath,
        originalReceivingDFIIdentification, addendaInformation, traceNumber,
    ]
}
