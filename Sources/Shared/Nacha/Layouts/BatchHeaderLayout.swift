/// The company/batch header record (type 5). Source: Nacha Operating Rules, Appendix Three.
package enum BatchHeaderLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let serviceClassCode = Field("service class code", column: 2, length: 3)
    static let companyName = Field("company name", column: 5, length: 16)
    static let companyDiscretionaryData = Field("company discretionary data", column: 21, length: 20)
    static let companyIdentification = Field("company identification", column: 41, length: 10)
    static let standardEntryClassCode = Field("standard entry class code", column: 51, length: 3)
    static let companyEntryDescription = Field("company entry description", column: 54, length: 10)
    static let companyDescriptiveDate = Field("company descriptive date", column: 64, length: 6)
    static let effectiveEntryDate = Field("effective entry date", column: 70, length: 6)
    static let settlementDate = Field("settlement date", column: 76, length: 3)
    static let originatorStatusCode = Field("originator status code", column: 79, length: 1)
    static let originatingDFIIdentification = Field("originating DFI identification", column: 80, length: 8)
    static let batchNumber = Field("batch number", column: 88, length: 7)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, serviceClassCode, companyName, companyDiscretionaryData, companyIdentification,
        standardEntryClassCode, companyEntryDescription, companyDescriptiveDate, effectiveEntryDate, settlementDate,
        originatorStatusCode, originatingDFIIdentification, batchNumber,
    ]
}
