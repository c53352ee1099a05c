/// The file control record (type 9). Source: Nacha Operating Rules, Appendix Three.
package enum FileControlLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let batchCount = Field("batch count", column: 2, length: 6)
    static let blockCount = Field("block count", column: 8, length: 6)
    static let entryAddendaCount = Field("entry/addenda count", column: 14, length: 8)
    static let entryHash = Field("entry hash", column: 22, length: 10)
    static let totalDebitAmount = Field("total debit amount", column: 32, length: 12)
    static let totalCreditAmount = Field("total credit amount", column: 44, length: 12)
    static let reserved = Field("reserved", column: 56, length: 39)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, batchCount, blockCount, entryAddendaCount, entryHash, totalDebitAmount, totalCreditAmount,
        reserved,
    ]
}
