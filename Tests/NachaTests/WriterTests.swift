import Nacha
import Testing

@Suite("Writer")
struct WriterTests {
    @Test("The same values give the same bytes")
    func deterministic() throws {
        #expect(try Sample.file().bytes() == (try Sample.file().bytes()))
    }

    @Test("The writer refuses what the reader would refuse, and keeps the file whole")
    func refusals() throws {
        var writer = try StreamingWriter(Sample.header())
        try writer.beginBatch(Sample.batch())
        try writer.append(NachaEntry(Sample.entry(sequence: 5)))
        let before = writer.pendingBytes
        let credit = try NachaEntry(Sample.entry(.checkingCredit, sequence: 6))
        expect(.contradictsServiceClass, column: 2) { try writer.append(credit) }
        expect(.notAscending(previous: 121_042_880_000_005), column: 80) {
            try writer.append(NachaEntry(Sample.entry(sequence: 5)))
        }
        expect(.mustNotBeZero, column: 30) { try writer.append(NachaEntry(Sample.entry(amount: 0, sequence: 6))) }
        expect(.mustBeZero, column: 30) {
            try writer.append(NachaEntry(Sample.entry(.checkingDebitPrenote, sequence: 6)))
        }
        expect(.notAllowedInBatch, column: 2) {
            try writer.append(NachaEntry(Sample.entry(.checkingDebitZeroDollar, amount: 0, sequence: 6)))
        }
        expect(.missingReturnAddenda, column: 2) {
            try writer.append(NachaEntry(Sample.entry(.checkingDebitReturn, sequence: 6)))
        }
        #expect(writer.pendingBytes == before)
        try writer.endBatch()
        try writer.finish()
        #expect(FileReading(writer.take().bytes).breaches == [])
    }

    @Test("An entry of WEB has at most one addenda record, in sequence")
    func addenda() throws {
        var writer = try StreamingWriter(Sample.header())
        try writer.beginBatch(Sample.batch())
        let trace = try Sample.trace(1)
        let first = Addenda.payment(try PaymentAddenda(information: "One", entry: trace))
        let second = Addenda.payment(try PaymentAddenda(information: "Two", sequence: 2, entry: trace))
        expect(.addendaLimit(1), column: 1) {
            try writer.append(NachaEntry(Sample.entry(), addenda: [first, second]))
        }
        expect(.differs(expected: 1), column: 84) { try writer.append(NachaEntry(Sample.entry(), addenda: [second])) }
        try writer.append(NachaEntry(Sample.entry(), addenda: [first]))
        #expect(writer.batchTally?.entryAddendaCount == 2)
    }

    @Test("Only an entry of CTX declares its number of addenda records")
    func declared() throws {
        let plain = try Sample.entry()
        let corporate = try EntryDetail(
            transactionCode: plain.transactionCode, receiver: plain.receiver, account: plain.account,
            amount: plain.amount, name: "Sample Company", declaredAddenda: 0, trace: plain.trace)
        var writer = try StreamingWriter(Sample.header())
        try writer.beginBatch(Sample.batch(.debits, .web))
        expect(.notAllowedInBatch, column: 55) { try writer.append(NachaEntry(corporate)) }
        try writer.append(NachaEntry(plain))
        try writer.endBatch()
        try writer.beginBatch(Sample.batch(.debits, .ctx, number: 2))
        expect(.notNumeric, column: 55) { try writer.append(NachaEntry(Sample.entry(sequence: 2))) }
    }

    @Test("A return has one addenda record, of its own trace number")
    func returns() throws {
        var writer = try StreamingWriter(Sample.header())
        try writer.beginBatch(Sample.batch())
        let detail = try Sample.entry(.checkingDebitReturn)
        let right = try returned(trace: 1)
        expect(.addendaLimit(1), column: 1) { try writer.append(NachaEntry(detail, addenda: [right, right])) }
        expect(.differs(expected: 121_042_880_000_001), column: 80) {
            try writer.append(NachaEntry(detail, addenda: [returned(trace: 2)]))
        }
        expect(.addendaNotAllowed, column: 2) {
            try writer.append(NachaEntry(Sample.entry(), addenda: [right]))
        }
        try writer.append(NachaEntry(detail, addenda: [right]))
        expect(.mixedEntryKinds, column: 2) { try writer.append(NachaEntry(Sample.entry(sequence: 2))) }
    }

    private func returned(trace: Int64) throws -> Addenda {
        .returned(
            try ReturnAddenda(
                code: #require(ReturnCode("R01")), originalTrace: Sample.trace(9),
                originalReceiver: Sample.institution("02100002"), trace: Sample.trace(trace)))
    }

    @Test("Codes that have layouts of their own are refused in others")
    func codes() throws {
        let trace = try Sample.trace(1)
        let receiver = trace.institution
        let late = try #require(ReturnCode("R68"))
        #expect(throws: NachaValueError.self) {
            try ReturnAddenda(code: late, originalTrace: trace, originalReceiver: receiver, trace: trace)
        }
        #expect(throws: NachaValueError.self) {
            try DishonoredAddenda(
                code: #require(ReturnCode("R01")), originalTrace: trace, originalReceiver: receiver,
                returnTrace: trace, returnSettlementDate: nil, returnCode: late, trace: trace)
        }
        let step = ContestedAddenda.Step(trace: trace, settlementDate: nil, code: late)
        #expect(throws: NachaValueError.self) {
            try ContestedAddenda(
                code: late, originalTrace: trace, dateOriginalEntryReturned: nil, originalReceiver: receiver,
                originalSettlementDate: nil, returned: step, dishonored: step, trace: trace)
        }
    }

    @Test("Calls out of order are refused")
    func order() throws {
        var writer = try StreamingWriter(Sample.header())
        #expect(throws: NachaWriterError.outOfOrder) { try writer.append(NachaEntry(Sample.entry())) }
        #expect(throws: NachaWriterError.outOfOrder) { try writer.endBatch() }
        #expect(throws: NachaWriterError.self) { try writer.finish() }
        try writer.beginBatch(Sample.batch())
        #expect(throws: NachaWriterError.outOfOrder) { try writer.beginBatch(Sample.batch(number: 2)) }
        #expect(throws: NachaWriterError.self) { try writer.endBatch() }
        #expect(throws: NachaWriterError.outOfOrder) { try writer.finish() }
        try writer.append(NachaEntry(Sample.entry()))
        try writer.endBatch()
        #expect(throws: NachaWriterError.self) { try writer.beginBatch(Sample.batch(number: 1)) }
        try writer.finish()
        #expect(throws: NachaWriterError.outOfOrder) { try writer.finish() }
        #expect(FileReading(writer.take().bytes).breaches == [])
    }

    @Test("A batch cannot start again at an earlier trace number")
    func traces() throws {
        let entry = NachaEntry(try Sample.entry(sequence: 7))
        let batches = [
            NachaBatch(try Sample.batch(), entries: [entry]), NachaBatch(try Sample.batch(number: 2), entries: [entry]),
        ]
        let file = NachaFile(try Sample.header(), batches: batches)
        #expect(throws: NachaWriterError.repeatedTrace(entry.detail.trace)) { try file.bytes() }
        #expect(FileReading(try file.bytes(keepsTracesUnique: false)).breaches == [])
    }

    @Test("A total that its field cannot hold is refused before the entry is written")
    func overflow() throws {
        var writer = try StreamingWriter(Sample.header())
        try writer.beginBatch(Sample.batch())
        for sequence in 1...100 {
            try writer.append(NachaEntry(Sample.entry(amount: 9_999_999_999, sequence: Int64(sequence))))
        }
        // 100 * 9999999999 = 999999999900: 99 cents are left of twelve digits.
        try writer.append(NachaEntry(Sample.entry(amount: 99, sequence: 101)))
        #expect(throws: NachaWriterError.overflow(field: "total debit amount")) {
            try writer.append(NachaEntry(Sample.entry(amount: 1, sequence: 102)))
        }
        try writer.endBatch()
        try writer.beginBatch(Sample.batch(number: 2))
        #expect(throws: NachaWriterError.overflow(field: "total debit amount")) {
            try writer.append(NachaEntry(Sample.entry(amount: 1, sequence: 102)))
        }
    }

    @Test("The bytes do not depend on when they are taken")
    func chunks() throws {
        let file = try #require(FileReading(try Golden.ccdAndCTX.bytes).file)
        var writer = try StreamingWriter(file.header, form: FileForm(lineBreak: .carriageReturnLineFeed))
        var bytes = writer.take().bytes
        for batch in file.batches {
            try writer.beginBatch(batch.header)
            for entry in batch.entries {
                try writer.append(entry)
                bytes += writer.take().bytes
            }
            try writer.endBatch()
        }
        try writer.finish()
        bytes += writer.take().bytes
        #expect(bytes == (try Golden.ccdAndCTX.bytes))
        #expect(writer.pendingBytes == 0)
    }

    private func expect(_ rule: BreachRule, column: Int, of action: () throws -> Void) {
        let error = #expect(throws: NachaWriterError.self) { try action() }
        guard case .breach(let breach) = error else {
            Issue.record("\(String(describing: error)) is not a breach")
            return
        }
        #expect(breach.rule == rule)
        #expect(breach.column == column)
    }
}
