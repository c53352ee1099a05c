/// The addenda record of type 98: notification of change. Source: Nacha Operating Rules, Appendix Five.
package enum ChangeAddendaLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let addendaTypeCode = Field("addenda type code", column: 2, length: 2)
    static let changeCode = Field("change code", column: 4, length: 3)
    static let originalEntryTraceNumber = Field("original entry trace number", column: 7, length: 15)
    static let firstReserved = Field("first reserved", column: 22, length: 6)
    static let originalReceivingDFIIdentification = Field(
        "original receiving DFI identification", column: 28, length: 8)
    static let correctedData = Field("corrected data", column: 36, length: 29)
    static let secondReserved = Field("second reserved", column: 65, length: 15)
    static let traceNumber = Field("trace number", column: 80, length: 15)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, addendaTypeCode, changeCode, originalEntryTraceNumber, firstReserved,
        originalReceivingDFIIdentification, correctedData, secondReserved, traceNumber,
    ]
}
