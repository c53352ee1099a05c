import Nacha
import Testing

@Suite("Values of the golden files")
struct GoldenValueTests {
    @Test("A WEB debit is read with every value")
    func webDebit() throws {
        let file = try #require(FileReading(try Golden.webAndPPD.bytes).file)
        #expect(file.header == (try Sample.header()))
        let batch = file.batches[0]
        #expect(batch.header.serviceClass == .debits)
        #expect(batch.header.standardEntryClass == .web)
        #expect(batch.header.entryDescription.value == "PURCHASE")
        #expect(batch.header.descriptiveDate.value == "DEC 01")
        #expect(batch.header.effectiveEntryDate == NachaDate(year: 2026, month: 12, day: 2))
        #expect(batch.entries[0].detail == (try Sample.entry()))
        #expect(batch.entries[2].detail.account.unmasked == "A-77-001")
        #expect(batch.entries[2].detail.discretionaryData.value == "R")
    }

    @Test("A CTX entry is read with its addenda records")
    func corporate() throws {
        let file = try #require(FileReading(try Golden.ccdAndCTX.bytes).file)
        let entry = file.batches[1].entries[0]
        #expect(entry.detail.declaredAddenda == 3)
        #expect(entry.detail.name.value == "SAMPLE COMPANY 4")
        #expect(entry.addenda.count == 3)
        guard case .payment(let last) = entry.addenda[2] else {
            Issue.record("The addenda record has another type.")
            return
        }
        #expect(last.information.value == "SE*3*0001~")
        #expect(last.sequence == 3)
        #expect(last.entrySequence == 13)
    }

    @Test("Returns and a notification of change are read with every value")
    func returns() throws {
        let file = try #require(FileReading(try Golden.returns.bytes).file)
        let death = try ReturnAddenda(
            code: #require(ReturnCode("R15")), originalTrace: Sample.trace(4),
            dateOfDeath: NachaDate(year: 2026, month: 11, day: 15), originalReceiver: Sample.institution("02100002"),
            trace: Sample.trace(3, "02100002"))
        #expect(file.batches[0].entries[2].addenda == [.returned(death)])
        #expect(file.batches[0].header.settlementDate == DayOfYear(338))
        #expect(file.header.creationTime == nil)
        let change = try ChangeAddenda(
            code: #require(ChangeCode("C01")), originalTrace: Sample.trace(2),
            originalReceiver: Sample.institution("09100001"), correctedData: "1918171614",
            trace: Sample.trace(77, "09100001"))
        #expect(file.batches[1].entries[0].addenda == [.change(change)])
    }

    @Test("Dishonored and contested returns are read with every value")
    func dishonored() throws {
        let file = try #require(FileReading(try Golden.returns.bytes).file)
        let receiver = try Sample.institution("02100002")
        let returned = ContestedAddenda.Step(
            trace: try Sample.trace(44, "02100002"), settlementDate: DayOfYear(337),
            code: try #require(ReturnCode("R01")))
        let dishonored = try DishonoredAddenda(
            code: #require(ReturnCode("R68")), originalTrace: Sample.trace(3), originalReceiver: receiver,
            returnTrace: returned.trace, returnSettlementDate: returned.settlementDate, returnCode: returned.code,
            information: "Late by one day", trace: Sample.trace(101))
        #expect(file.batches[2].entries[0].addenda == [.dishonored(dishonored)])
        let contested = try ContestedAddenda(
            code: #require(ReturnCode("R73")), originalTrace: Sample.trace(3),
            dateOriginalEntryReturned: NachaDate(year: 2026, month: 12, day: 3), originalReceiver: receiver,
            originalSettlementDate: DayOfYear(336), returned: returned,
            dishonored: ContestedAddenda.Step(
                trace: dishonored.trace, settlementDate: DayOfYear(340), code: dishonored.code),
            trace: Sample.trace(201, "02100002"))
        #expect(file.batches[3].entries[0].addenda == [.contested(contested)])
    }
}
