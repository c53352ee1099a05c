/// What the later records of a batch must agree with. Values are nil where the header was missing or not readable.
struct BatchFacts: Hashable, Sendable {
    let serviceClass: ServiceClass?
    let standardEntryClass: StandardEntryClass?
    let companyIdentification: NachaText?
    let institution: Int64?
    let number: Int64?

    /// The facts of a batch whose header is missing.
    init() {
        serviceClass = nil
        standardEntryClass = nil
        companyIdentification = nil
        institution = nil
        number = nil
    }

    init(_ line: Line) {
        typealias Layout = BatchHeaderLayout
        serviceClass = line.digits(Layout.serviceClassCode).flatMap { ServiceClass(rawValue: Int($0)) }
        standardEntryClass = line.text(Layout.standardEntryClassCode).flatMap { StandardEntryClass(rawValue: $0.value) }
        companyIdentification = line.text(Layout.companyIdentification)
        institution = line.digits(Layout.originatingDFIIdentification)
        number = line.digits(Layout.batchNumber)
    }

    var isCorporate: Bool { standardEntryClass == .ctx }
}
