import Jobs
import PaymentLinks
import SettlementWorker
import Testing

@Suite("Reading settlements")
struct SettlementReaderTests {
    struct DoesNotOpen: Error {}

    @Test("A settlement is read as it was written, with its account opened")
    func readable() throws {
        let settlement = Sample.settlement(7, paidFrom: try Sample.bankAccount("1234567890"))
        let reader = SettlementReader(method: .ach) { sealed, id in
            #expect(sealed == settlement.request.sealedDestination)
            #expect(id == settlement.id)
            return settlement.destination
        }
        #expect(try reader.read(Sample.delivery(settlement.request.messageBody, number: 1)) == settlement)
    }

    @Test("What nobody can act on is refused with its reason")
    func unreadable() throws {
        let account = try Sample.bankAccount("1234567890")
        let address = try Sample.address(ending: "1234")
        let byBank = Sample.settlement(1, paidFrom: account).request.messageBody
        let byChain = Sample.settlement(1, paidFrom: address).request.messageBody
        expect("no JSON at byte 1", from: "{", opening: account)
        expect("the message itself", from: "[]", opening: account)
        expect("amountBaseUnits", from: byBank.replacing(#""15000""#, with: #""0""#), opening: account)
        expect("version 2", from: byBank.replacing(#""version":1"#, with: #""version":2"#), opening: account)
        expect("a settlement by usdc in the queue for ach", from: byChain, opening: account)
        expect("the sealed destination is for usdc", from: byBank, opening: address)
        expect("the destination does not open", from: byBank, opening: nil)
    }

    private func expect(_ reason: String, from body: String, opening destination: Destination?) {
        let reader = SettlementReader(method: .ach) { _, _ in
            guard let destination else { throw DoesNotOpen() }
            return destination
        }
        let error = #expect(throws: UnreadableMessage.self) { try reader.read(Sample.delivery(body, number: 1)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    }
}
