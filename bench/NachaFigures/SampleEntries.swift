import Nacha

/// Makes the calls that write a file: WEB debits, CCD debits with addenda, and PPD credits, a third of each.
struct SampleEntries {
    private let count: Int
    private var made = 0
    private var batchEnd = 0
    private var batchNumber: Int64 = 0

    init(count: Int) {
        self.count = max(3, count)
    }

    enum Step {
        case begin(BatchHeader)
        case append(NachaEntry)
        case end

        func apply(to writer: inout StreamingWriter) throws(NachaWriterError) {
            switch self {
            case .begin(let header): try writer.beginBatch(header)
            case .append(let entry): try writer.append(entry)
            case .end: try writer.endBatch()
            }
        }
    }

    struct Missing: Error {}

    func header() throws -> FileHeader {
        try FileHeader(
            immediateDestination: some(FileAddress("021000021")), immediateOrigin: some(FileAddress("121042882")),
            creationDate: some(NachaDate(year: 2026, month: 12, day: 1)), creationTime: NachaTime(hour: 9, minute: 30),
            modifier: some(FileIDModifier(index: 0)), destinationName: "First Sample Bank", originName: "Paylinks")
    }

    /// The next call, or nil after the last batch.
    mutating func next() throws -> Step? {
        if made == count, batchEnd == 0 { return nil }
        if batchEnd == 0 { return .begin(try begin()) }
        if made == batchEnd {
            batchEnd = 0
            return .end
        }
        made += 1
        return .append(try entry())
    }

    private mutating func begin() throws -> BatchHeader {
        batchNumber += 1
        batchEnd = batchNumber == 3 ? count : count / 3 * Int(batchNumber)
        let classes: [StandardEntryClass] = [.web, .ccd, .ppd]
        return try BatchHeader(
            serviceClass: batchNumber == 3 ? .credits : .debits, companyName: "Paylinks Demo",
            companyIdentification: "1123456789", standardEntryClass: classes[Int(batchNumber) - 1],
            entryDescription: batchNumber == 3 ? "REFUND" : "PURCHASE",
            effectiveEntryDate: NachaDate(year: 2026, month: 12, day: 2), originatingDFI: institution,
            batchNumber: batchNumber)
    }

    private func entry() throws -> NachaEntry {
        let number = Int64(made)
        let trace = try some(TraceNumber(institution: institution, sequence: number))
        let codes: [[TransactionCode]] = [[.checkingDebit, .savingsDebit], [.checkingDebit], [.checkingCredit]]
        let choices = codes[Int(batchNumber) - 1]
        let receiver = try some(DFIIdentification(number: 1_000_000 + number * 7 % 90_000_000))
        let detail = try EntryDetail(
            transactionCode: choices[made % choices.count], receiver: RoutingTransitNumber(institution: receiver),
            account: some(DFIAccountNumber(String(1_000_000 + made))), amount: 100 + number * 37 % 100_000,
            identification: "CLAIM-\(made)", name: "Café Straße \(made)",
            discretionaryData: batchNumber == 1 ? "S" : "", trace: trace)
        if batchNumber != 2 { return NachaEntry(detail) }
        return NachaEntry(detail, addenda: [.payment(try PaymentAddenda(information: "Invoice \(made)", entry: trace))])
    }

    private var institution: DFIIdentification {
        get throws { try some(DFIIdentification("12104288")) }
    }

    private func some<Value>(_ value: Value?) throws(Missing) -> Value {
        guard let value else { throw Missing() }
        return value
    }
}
