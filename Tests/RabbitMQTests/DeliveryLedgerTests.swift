import RabbitMQ
import Testing

@Suite("The delivery ledger")
struct DeliveryLedgerTests {
    /// A ledger of the first channel with deliveries 1…count, and their tags.
    private func ledger(delivered count: Int) -> (DeliveryLedger, [DeliveryTag]) {
        var ledger = DeliveryLedger()
        ledger.beginGeneration()
        let tags = (0..<count).compactMap { ledger.note(UInt64($0 + 1)) }
        return (ledger, tags)
    }

    @Test("lets the first verdict on a delivery through, and no second one")
    func once() {
        var (ledger, tags) = ledger(delivered: 3)
        #expect(ledger.resolve(tags[1], .reject) == 2)
        #expect(ledger.resolve(tags[1], .acknowledge) == nil)
        #expect(ledger.count == 2)
    }

    @Test("one multiple verdict resolves all up to it; a later one within finds nothing")
    func multiple() {
        var (ledger, tags) = ledger(delivered: 4)
        #expect(ledger.resolve(tags[2], .acknowledgeUpTo) == 3)
        #expect(ledger.resolve(tags[0], .acknowledge) == nil)
        #expect(ledger.resolve(tags[1], .acknowledgeUpTo) == nil)
        #expect(ledger.resolve(tags[3], .requeue) == 4)
        #expect(ledger.count == 0)
    }

    @Test("a multiple verdict on a resolved delivery goes out for the last before it that is not resolved")
    func multipleOverResolved() {
        var (ledger, tags) = ledger(delivered: 3)
        #expect(ledger.resolve(tags[2], .reject) == 3)
        #expect(ledger.resolve(tags[2], .acknowledgeUpTo) == 2)
        #expect(ledger.count == 0)
    }

    @Test("drops verdicts of an earlier channel, although the number is in use again")
    func generations() throws {
        var (ledger, tags) = ledger(delivered: 2)
        ledger.beginGeneration()
        let note = ledger.note(1)
        let fresh = try #require(note)
        #expect(ledger.resolve(tags[0], .acknowledge) == nil)
        #expect(ledger.resolve(tags[1], .acknowledgeUpTo) == nil)
        #expect(ledger.resolve(fresh, .acknowledge) == 1)
    }

    @Test("takes only the delivery that comes next", arguments: [0, 1, 2, 4, UInt64.max])
    func gap(number: UInt64) {
        var (ledger, _) = ledger(delivered: 2)
        let (wrong, next) = (ledger.note(number), ledger.note(3))
        #expect(wrong == nil && next?.number == 3)
        #expect(ledger.count == 3)
    }

    @Test("drops numbers that were never delivered", arguments: [0, 3, 99] as [UInt64])
    func unknown(number: UInt64) {
        var (ledger, tags) = ledger(delivered: 2)
        let tag = DeliveryTag(number: number, generation: tags[0].generation)
        #expect(ledger.resolve(tag, .acknowledge) == nil)
        #expect(ledger.resolve(tag, .acknowledgeUpTo) == nil)
        #expect(ledger.count == 2)
    }

    @Test("random verdicts never resolve a delivery twice", arguments: 0..<50 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var (ledger, tags) = ledger(delivered: 0)
        var open: Set<UInt64> = []
        var next: UInt64 = 1
        for _ in 0..<2000 {
            if Bool.random(using: &generator) {
                ledger.note(next).map { tags.append($0) }
                open.insert(next)
                next += 1
            } else if let tag = tags.randomElement(using: &generator) {
                let isMultiple = Bool.random(using: &generator)
                let hit = open.filter { isMultiple ? $0 <= tag.number : $0 == tag.number }
                let sent = ledger.resolve(tag, isMultiple ? .acknowledgeUpTo : .acknowledge)
                #expect(sent == hit.max(), "seed \(seed)")
                open.subtract(hit)
            }
            #expect(ledger.count == open.count, "seed \(seed)")
        }
    }
}
