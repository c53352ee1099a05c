/// The entry detail record (type 6) of PPD, WEB, CCD, and COR batches.
///
/// In a WEB batch the discretionary data hold the payment type: `S` single or `R` recurring.
/// Source: Nacha Operating Rules, Appendix Three.
package enum EntryDetailLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let transactionCode = Field("transaction code", column: 2, length: 2)
    static let receivingDFIIdentification = Field("receiving DFI identification", column: 4, length: 8)
    static let checkDigit = Field("check digit", column: 12, length: 1)
    static let dfiAccountNumber = Field("DFI account number", column: 13, length: 17)
    static let amount = Field("amount", column: 30, length: 10)
    static let identificationNumber = Field("identification number", column: 40, length: 15)
    static let name = Field("name", column: 55, length: 22)
    static let discretionaryData = Field("discretionary data", column: 77, length: 2)
    static let addendaRecordIndicator = Field("addenda record indicator", column: 79, length: 1)
    static let traceNumber = Field("trace number", column: 80, length: 15)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, transactionCode, receivingDFIIdentification, checkDigit, dfiAccountNumber, amount,
        identificationNumber, name, discretionaryData, addendaRecordIndicator, traceNumber,
    ]
}
