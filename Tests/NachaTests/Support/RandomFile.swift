import Nacha

/// Makes valid files of every kind of batch, entry, and addenda record.
struct RandomFile {
    var generator: SeededGenerator
    private var sequence: Int64 = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func file() throws -> NachaFile {
        var file = NachaFile(try header())
        for number in 1...Int64.random(in: 1...5, using: &generator) { file.batches.append(try batch(number)) }
        return file
    }

    private mutating func header() throws -> FileHeader {
        let hasTime = generator.flip()
        return try FileHeader(
            immediateDestination: some(FileAddress(routing().description)),
            immediateOrigin: some(FileAddress(generator.flip() ? "1123456789" : "987654321")), creationDate: date(),
            creationTime: hasTime ? NachaTime(hour: int(0...23), minute: int(0...59)) : nil,
            modifier: some(FileIDModifier(index: int(0...35))), destinationName: text(0...30),
            originName: text(0...30), referenceCode: text(0...10))
    }

    private mutating func batch(_ number: Int64) throws -> NachaBatch {
        let kinds: [EntryKind] = [.forward, .forward, .returned, .dishonored, .contested, .change]
        let kind = kinds[int(0...kinds.count - 1)]
        let forward: [StandardEntryClass] = [.web, .ppd, .ccd, .ctx]
        let entryClass = kind == .change ? .cor : forward[int(0...3)]
        let serviceClass = ServiceClass.allCases[int(0...2)]
        let header = try BatchHeader(
            serviceClass: serviceClass, companyName: name(16), companyDiscretionaryData: text(0...25),
            companyIdentification: "1123456789", standardEntryClass: entryClass, entryDescription: name(10),
            descriptiveDate: text(0...6), effectiveEntryDate: generator.flip() ? date() : nil,
            settlementDate: generator.flip() ? DayOfYear(int(1...366)) : nil, originatingDFI: routing().institution,
            batchNumber: number * 3)
        var batch = NachaBatch(header)
        for _ in 0..<int(1...6) { batch.entries.append(try entry(header, kind)) }
        batch.messageAuthenticationCode = NachaText(transliterating: text(0...25), columns: 19)
        return batch
    }

    private mutating func entry(_ header: BatchHeader, _ kind: EntryKind) throws -> NachaEntry {
        sequence += Int64(int(1...9))
        let trace = try some(TraceNumber(institution: header.originatingDFI, sequence: sequence))
        let code = code(header, kind)
        let isCorporate = header.standardEntryClass == .ctx
        let addenda = try addenda(kind, trace, limit: header.standardEntryClass.addendaLimit)
        let isZero = code.purpose == .prenote || code.purpose == .zeroDollar || kind == .change
        let detail = try EntryDetail(
            transactionCode: code, receiver: routing(),
            account: some(DFIAccountNumber(name(17).replacing(" ", with: "-"))),
            amount: isZero ? 0 : Int64.random(in: 1...9_999_999_999, using: &generator),
            identification: text(0...20), name: name(30), declaredAddenda: isCorporate ? Int64(addenda.count) : nil,
            discretionaryData: text(0...2), trace: trace)
        return NachaEntry(detail, addenda: addenda)
    }

    private mutating func code(_ header: BatchHeader, _ kind: EntryKind) -> TransactionCode {
        let isRemittance = header.standardEntryClass == .ccd || header.standardEntryClass == .ctx
        let codes = TransactionCode.allCases.filter { code in
            guard header.serviceClass.allows(code) else { return false }
            if kind != .forward { return code.purpose == .returned }
            return code.purpose == .live || code.purpose == .prenote || code.purpose == .zeroDollar && isRemittance
        }
        return codes[int(0...codes.count - 1)]
    }
}

extension RandomFile {
    private mutating func addenda(_ kind: EntryKind, _ trace: TraceNumber, limit: Int) throws -> [Addenda] {
        switch kind {
        case .forward: try payments(trace, count: int(0...min(limit, 4)))
        case .change: [.change(try change(trace))]
        case .returned: [.returned(try returned(trace))]
        case .dishonored: [.dishonored(try dishonored(trace))]
        case .contested: [.contested(try contested(trace))]
        }
    }

    private mutating func payments(_ trace: TraceNumber, count: Int) throws -> [Addenda] {
        var addenda: [Addenda] = []
        for sequence in 0..<count {
            addenda.append(
                .payment(
                    try PaymentAddenda(information: text(0...90), sequence: Int64(sequence + 1), entry: trace)))
        }
        return addenda
    }

    private mutating func change(_ trace: TraceNumber) throws -> ChangeAddenda {
        try ChangeAddenda(
            code: some(ChangeCode(number: int(1...14))), originalTrace: self.trace(),
            originalReceiver: routing().institution, correctedData: name(40), trace: trace)
    }

    private mutating func returned(_ trace: TraceNumber) throws -> ReturnAddenda {
        try ReturnAddenda(
            code: some(ReturnCode(number: int(1...60))), originalTrace: self.trace(),
            dateOfDeath: generator.flip() ? date() : nil, originalReceiver: routing().institution,
            information: text(0...50), trace: trace)
    }

    private mutating func dishonored(_ trace: TraceNumber) throws -> DishonoredAddenda {
        try DishonoredAddenda(
            code: some(ReturnCode(number: int(61...70))), originalTrace: self.trace(),
            originalReceiver: routing().institution, returnTrace: self.trace(),
            returnSettlementDate: DayOfYear(int(0...366)), returnCode: some(ReturnCode(number: int(1...99))),
            information: text(0...30), trace: trace)
    }

    private mutating func contested(_ trace: TraceNumber) throws -> ContestedAddenda {
        try ContestedAddenda(
            code: some(ReturnCode(number: int(71...77))), originalTrace: self.trace(),
            dateOriginalEntryReturned: generator.flip() ? date() : nil, originalReceiver: routing().institution,
            originalSettlementDate: DayOfYear(int(0...366)), returned: step(), dishonored: step(), trace: trace)
    }

    private mutating func step() throws -> ContestedAddenda.Step {
        ContestedAddenda.Step(
            trace: try trace(), settlementDate: DayOfYear(int(0...366)),
            code: try some(ReturnCode(number: int(1...99))))
    }
}

extension RandomFile {
    private mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    private mutating func routing() throws -> RoutingTransitNumber {
        let number = Int64.random(in: 1...99_999_999, using: &generator)
        return RoutingTransitNumber(institution: try some(DFIIdentification(number: number)))
    }

    private mutating func trace() throws -> TraceNumber {
        try some(TraceNumber(institution: routing().institution, sequence: Int64(int(0...9_999_999))))
    }

    private mutating func date() throws -> NachaDate {
        try some(NachaDate(year: int(2000...2099), month: int(1...12), day: int(1...28)))
    }

    /// Any text, with letters that need transliteration.
    private mutating func text(_ length: ClosedRange<Int>) -> String {
        let alphabet = Array("ABCXYZ 0189 &-./'()?éßæøłŃÅ日\t€")
        return String((0..<int(length)).map { _ in alphabet[int(0...alphabet.count - 1)] })
    }

    /// A printable text that is not blank: 1 to `limit` characters.
    private mutating func name(_ limit: Int) -> String {
        let alphabet = Array("ABCDEFGHKLMNPQRSTUVWXYZ0123456789 ")
        return "N" + String((0..<int(0...limit - 2)).map { _ in alphabet[int(0...alphabet.count - 1)] }) + "9"
    }

    private struct Missing: Error {}

    /// The value of an initializer that does not fail for the arguments of this type.
    private func some<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Missing() }
        return value
    }
}
