/// The company/batch control record (type 8). Source: Nacha Operating Rules, Appendix Three.
package enum BatchControlLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let serviceClassCode = Field("service class code", column: 2, length: 3)
    static let entryAddendaCount = Field("entry/addenda count", column: 5, length: 6)
    static let entryHash = Field("entry hash", column: 11, length: 10)
    static let totalDebitAmount = Field("total debit amount", column: 21, length: 12)
    static let totalCreditAmount = Field("total credit amount", column: 33, length: 12)
    static let companyIdentification = Field("company identification", column: 45, length: 10)
    static let messageAuthenticationCode = Field("message authentication code", column: 55, length: 19)
    static let reserved = Field("reserved", column: 74, length: 6)
    static let originatingDFIIdentification = Field("originating DFI identification", column: 80, length: 8)
    static let batchNumber = Field("batch number", column: 88, length: 7)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, serviceClassCode, entryAddendaCount, entryHash, totalDebitAmount, totalCreditAmount,
        companyIdentification, messageAuthenticationCode, reserved, originatingDFIIdentification, batchNumber,
    ]
}
