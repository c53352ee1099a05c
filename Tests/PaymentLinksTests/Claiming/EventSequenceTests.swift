import FoundationEssentials
import PaymentLinks
import Testing

@Suite("The sequence of a link's events")
struct EventSequenceTests {
    private struct Body: Decodable {
        struct Data: Decodable {
            let sequence: Int
            let claimStatus: String?
        }

        let data: Data
    }

    private static func told(_ events: [DomainEvent]) throws -> [String] {
        try events.map { event in
            let data = try JSON.value(event.body, as: Body.self).data
            #expect(event.sequence == Int64(data.sequence))
            return "\(data.sequence) \(event.type.rawValue) \(data.claimStatus ?? "none")"
        }
    }

    private static let wallets = [Sample.wallet(Sample.payer, available: 100_000), Sample.wallet(Sample.payee)]

    @Test("A wallet's claim sends claimed and settled, in this order, and counts both")
    func walletClaim() throws {
        let link = Sample.link(eventSequence: 4)
        let plan = Sample.decide([Sample.claim()], on: Sample.state([link], Self.wallets))
        #expect(try Self.told(plan.events) == ["5 payment_link.claimed SETTLED", "6 payment_link.settled SETTLED"])
        let receipt = try #require(plan.answers.first?.outcome.receipt)
        #expect(link.eventSequence(claimedBy: receipt) == 6)
        #expect(plan.events.allSatisfy { $0.walletId == Sample.payee })
    }

    @Test("A rail's claim sends claimed alone, while it is pending")
    func railClaim() throws {
        let plan = Sample.decide([Sample.claim(by: Sample.ach)], on: Sample.state([Sample.link()], Self.wallets))
        #expect(try Self.told(plan.events) == ["2 payment_link.claimed PENDING"])
    }

    @Test("The events of a batch have increasing ids, though they are of one instant")
    func increasingIds() {
        let links = (1...20).map { Sample.link($0, amount: Sample.usd(1)) }
        let plan = Sample.decide((1...20).map { Sample.claim($0, on: $0) }, on: Sample.state(links, Self.wallets))
        #expect(plan.events.count == 40)
        #expect(zip(plan.events, plan.events.dropFirst()).allSatisfy { $0.id < $1.id })
    }

    /// Outcomes, the event sequences before them of the claim and of the link, and what is told.
    private static let rows: [(kinds: [SettlementOutcome.Kind], claim: Int64?, link: Int64, told: [String])] = [
        ([.settled], 2, 2, ["3 payment_link.settled SETTLED"]),
        ([.failed], 2, 2, ["3 payment_link.claim_failed FAILED"]),
        (
            [.settled, .returned], 2, 2,
            ["3 payment_link.settled SETTLED", "4 payment_link.claim_failed FAILED"]
        ),
        // Decided by an earlier version, which counted nothing.
        ([.settled], nil, 1, ["2 payment_link.settled SETTLED"]),
        ([.submitted], 2, 2, []),
        ([.settled, .settled], 7, 2, ["8 payment_link.settled SETTLED"]),
    ]

    @Test("A rail's outcomes go on from the claim's number", arguments: rows)
    func outcomes(row: (kinds: [SettlementOutcome.Kind], claim: Int64?, link: Int64, told: [String])) throws {
        let scene = Self.scene(claim: row.claim, link: row.link)
        let plan = scene.decide(row.kinds.map { SettlingScene.outcome($0) })
        #expect(try Self.told(plan.events) == row.told)
        let last = row.claim.map { $0 + Int64(row.told.count) } ?? (row.link + Int64(row.told.count))
        #expect(plan.claims[Sample.claim().claimId]?.eventSequence == (row.told.isEmpty ? row.claim : last))
    }

    @Test("A link that is given back counts on from the claim's last event, and from its own expiry")
    func reopened() throws {
        var scene = Self.scene(claim: 3, link: 2)
        #expect(scene.decide(.failed).eventSequences == [LinkID(bits: 1): 4])
        scene.link = Sample.link(
            status: .claimed, expiresAt: Sample.now, winner: Sample.claim().claimId, eventSequence: 2)
        let plan = scene.decide(.failed)
        #expect(
            try Self.told(plan.events) == ["4 payment_link.claim_failed FAILED", "5 payment_link.expired none"])
        #expect(plan.eventSequences == [LinkID(bits: 1): 5])
    }

    private static func scene(claim: Int64?, link: Int64) -> SettlingScene {
        var scene = SettlingScene()
        scene.claim = SettlingScene.settling(.pending, eventSequence: claim)
        scene.link = Sample.link(
            amount: Sample.usd(10_000), status: .claimed, winner: Sample.claim().claimId, eventSequence: link)
        return scene
    }
}
