/// The company/batch header record: whose entries the batch holds, and when they take effect.
package struct BatchHeader: Hashable, Sendable {
    package let serviceClass: ServiceClass
    package let companyName: NachaText
    package let companyDiscretionaryData: NachaText
    package let companyIdentification: NachaText
    package let standardEntryClass: StandardEntryClass
    package let entryDescription: NachaText
    package let descriptiveDate: NachaText
    /// The banking day on which the originator wants the entries to settle. Returns may leave it out.
    package let effectiveEntryDate: NachaDate?
    /// Whether a date that was left out is six zeros instead of six spaces. Institutions that return entries write both.
    package let hasZeroDate: Bool
    /// The ACH Operator inserts it. An originator leaves it blank.
    package let settlementDate: DayOfYear?
    package let originatorStatus: OriginatorStatus
    /// In a batch of returns, this is the institution that returns.
    package let originatingDFI: DFIIdentification
    /// 1 to 9,999,999, ascending in a file.
    package let batchNumber: Int64

    /// The numbers that a batch can have.
    package static let batchNumbers: ClosedRange<Int64> = 1...9_999_999

    /// Transliterates the texts and cuts them to their fields.
    ///
    /// A blank company name, company identification, or entry description is an error.
    package init(
        serviceClass: ServiceClass, companyName: String, companyDiscretionaryData: String = "",
        companyIdentification: String, standardEntryClass: StandardEntryClass, entryDescription: String,
        descriptiveDate: String = "", effectiveEntryDate: NachaDate?, settlementDate: DayOfYear? = nil,
        originatorStatus: OriginatorStatus = .bound, originatingDFI: DFIIdentification, batchNumber: Int64
    ) throws(NachaValueError) {
        typealias Layout = BatchHeaderLayout
        self.serviceClass = serviceClass
        self.companyName = try NachaText(companyName, Layout.companyName).mandatory(Layout.companyName)
        self.companyDiscretionaryData = NachaText(companyDiscretionaryData, Layout.companyDiscretionaryData)
        self.companyIdentification = try NachaText(companyIdentification, Layout.companyIdentification)
            .mandatory(Layout.companyIdentification)
        self.standardEntryClass = standardEntryClass
        self.entryDescription = try NachaText(entryDescription, Layout.companyEntryDescription)
            .mandatory(Layout.companyEntryDescription)
        self.descriptiveDate = NachaText(descriptiveDate, Layout.companyDescriptiveDate)
        self.effectiveEntryDate = effectiveEntryDate
        hasZeroDate = false
        self.settlementDate = settlementDate
        self.originatorStatus = originatorStatus
        self.originatingDFI = originatingDFI
        self.batchNumber = try batchNumber.fitting(Layout.batchNumber, Self.batchNumbers)
    }
}

extension BatchHeader {
    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = BatchHeaderLayout
        let serviceClass = scanner.value(Layout.serviceClassCode, .unknownCode) { ServiceClass(rawValue: Int($0)) }
        companyName = scanner.mandatoryText(Layout.companyName)
        companyDiscretionaryData = scanner.text(Layout.companyDiscretionaryData)
        companyIdentification = scanner.mandatoryText(Layout.companyIdentification)
        let standardEntryClass = scanner.code(Layout.standardEntryClassCode, .unknownCode) { bytes in
            StandardEntryClass(rawValue: String(decoding: bytes, as: UTF8.self))
        }
        entryDescription = scanner.mandatoryText(Layout.companyEntryDescription)
        descriptiveDate = scanner.text(Layout.companyDescriptiveDate)
        hasZeroDate = scanner.line[Layout.effectiveEntryDate].allSatisfy { $0 == .zero }
        effectiveEntryDate =
            hasZeroDate ? nil : scanner.optional(Layout.effectiveEntryDate, .notADate, NachaDate.init(number:))
        settlementDate = scanner.dayOfYear(Layout.settlementDate)
        let status = scanner.value(Layout.originatorStatusCode, .unknownCode) { OriginatorStatus(rawValue: Int($0)) }
        let institution = scanner.institution(Layout.originatingDFIIdentification)
        let number = scanner.number(Layout.batchNumber, in: Self.batchNumbers)
        guard scanner.isIntact, let serviceClass, let standardEntryClass, let status, let institution, let number
        else { return nil }
        self.serviceClass = serviceClass
        self.standardEntryClass = standardEntryClass
        originatorStatus = status
        originatingDFI = institution
        batchNumber = number
    }

    var encoded: EncodedRecord {
        typealias Layout = BatchHeaderLayout
        var record = EncodedRecord(.batchHeader)
        record.put(Int64(serviceClass.rawValue), Layout.serviceClassCode)
        record.put(companyName, Layout.companyName)
        record.put(companyDiscretionaryData, Layout.companyDiscretionaryData)
        record.put(companyIdentification, Layout.companyIdentification)
        record.put(standardEntryClass.rawValue, Layout.standardEntryClassCode)
        record.put(entryDescription, Layout.companyEntryDescription)
        record.put(descriptiveDate, Layout.companyDescriptiveDate)
        record.put(effectiveEntryDate?.number ?? (hasZeroDate ? 0 : nil), Layout.effectiveEntryDate)
        record.put(settlementDate.map { Int64($0.number) }, Layout.settlementDate)
        record.put(Int64(originatorStatus.rawValue), Layout.originatorStatusCode)
        record.put(originatingDFI.number, Layout.originatingDFIIdentification)
        record.put(batchNumber, Layout.batchNumber)
        return record
    }
}
