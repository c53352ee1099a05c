import PaymentLinks
import Testing

@Suite("A link's life")
struct LinkTransitionTests {
    /// Every transition that is allowed; all others are not.
    private static let allowed: [(from: LinkStatus, transition: LinkTransition, to: LinkStatus)] = [
        (.active, .claim, .claimed), (.active, .cancel, .cancelled), (.active, .expire, .expired),
        (.cancelled, .cancel, .cancelled), (.claimed, .reopen, .active), (.claimed, .reopenExpired, .expired),
    ]

    @Test(
        "Each transition does what the table says, or is not allowed",
        arguments: LinkStatus.allCases, LinkTransition.allCases)
    func table(status: LinkStatus, transition: LinkTransition) {
        let row = Self.allowed.first { $0.from == status && $0.transition == transition }
        #expect(status.applying(transition) == row?.to)
    }

    @Test("In any order of events a link has at most one winner at a time", arguments: 1...200 as ClosedRange<UInt64>)
    func randomRuns(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var status = LinkStatus.active
        var openClaims = 0
        var hasEnded = false
        for _ in 0..<100 {
            let transition = LinkTransition.allCases.randomElement(using: &generator) ?? .claim
            guard let next = status.applying(transition) else { continue }
            if transition == .claim { openClaims += 1 }
            if status == .claimed { openClaims -= 1 }
            #expect(openClaims == (next == .claimed ? 1 : 0), "seed \(seed)")
            #expect(!hasEnded || next == status, "an ended link moved; seed \(seed)")
            hasEnded = next == .cancelled || next == .expired
            status = next
        }
    }
}
