import Nacha
import Testing

/// Values that are valid, for tests that change one of them.
enum Sample {
    static func routing(_ digits: String = "021000021") throws -> RoutingTransitNumber {
        try #require(RoutingTransitNumber(digits))
    }

    static func institution(_ digits: String = "12104288") throws -> DFIIdentification {
        try #require(DFIIdentification(digits))
    }

    static func trace(_ sequence: Int64, _ digits: String = "12104288") throws -> TraceNumber {
        try #require(TraceNumber(institution: try institution(digits), sequence: sequence))
    }

    static func header(modifier: Int = 0) throws -> FileHeader {
        try FileHeader(
            immediateDestination: #require(FileAddress("021000021")),
            immediateOrigin: #require(FileAddress("121042882")),
            creationDate: #require(NachaDate(year: 2026, month: 12, day: 1)),
            creationTime: NachaTime(hour: 9, minute: 30),
            modifier: #require(FileIDModifier(index: modifier)),
            destinationName: "First Sample Bank", originName: "Paylinks")
    }

    static func batch(
        _ serviceClass: ServiceClass = .debits, _ entryClass: StandardEntryClass = .web, number: Int64 = 1,
        institution: String = "12104288"
    ) throws -> BatchHeader {
        try BatchHeader(
            serviceClass: serviceClass, companyName: "Paylinks Demo", companyIdentification: "1123456789",
            standardEntryClass: entryClass, entryDescription: "PURCHASE",
            effectiveEntryDate: NachaDate(year: 2026, month: 12, day: 2),
            originatingDFI: Self.institution(institution), batchNumber: number)
    }

    static func entry(
        _ code: TransactionCode = .checkingDebit, amount: Int64 = 125_000, sequence: Int64 = 1,
        name: String = "Sample Payer One", routing: String = "021000021", account: String = "1234567890123"
    ) throws -> EntryDetail {
        try EntryDetail(
            transactionCode: code, receiver: Self.routing(routing), account: #require(DFIAccountNumber(account)),
            amount: amount, identification: "CLAIM-0001", name: name, discretionaryData: "S",
            trace: trace(sequence))
    }

    /// One batch of one WEB debit.
    static func file() throws -> NachaFile {
        NachaFile(try header(), batches: [NachaBatch(try batch(), entries: [NachaEntry(try entry())])])
    }
}
