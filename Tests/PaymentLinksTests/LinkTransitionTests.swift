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
        "Each transition does what the table says, or is refused",
        arguments: LinkStatus.allCases, LinkTransition.allCases)
    func table(status: LinkStatus, transition: LinkTransition) throws {
        if let row = Self.allowed.first(where: { $0.from == status && $0.transition == transition }) {
            #expect(try status.applying(transition) == row.to)
        } else {
            let error = #expect(throws: LinkTransitionError.self) { try status.applying(transition) }
            #expect(error?.status == status && error?.transition == transition)
        }
    }

    @Test(
        "A refused transition says what the caller can act on",
        arguments: [
            (.claimed, .claim, .linkAlreadyClaimed), (.cancelled, .claim, .linkCancelled),
            (.expired, .claim, .linkExpired),
            (.claimed, .cancel, .linkNotActive), (.expired, .cancel, .linkNotActive),
            (.claimed, .expire, .linkNotActive),
        ] as [(LinkStatus, LinkTransition, ErrorCode)])
    func refusals(status: LinkStatus, transition: LinkTransition, code: ErrorCode) {
        let error = #expect(throws: LinkTransitionError.self) { try status.applying(transition) }
        #expect(error?.refusal.code == code)
    }

    @Test("In any order of events a link has at most one winner at a time", arguments: 1...200 as ClosedRange<UInt64>)
    func randomRuns(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var status = LinkStatus.active
        var openClaims = 0
        var hasEnded = false
        for _ in 0..<100 {
            let transition = LinkTransition.allCases.randomElement(using: &generator) ?? .claim
            guard let next = try? status.applying(transition) else { continue }
            if transition == .claim { openClaims += 1 }
            if status == .claimed { openClaims -= 1 }
            #expect(openClaims == (next == .claimed ? 1 : 0), "seed \(seed)")
            #expect(!hasEnded || next == status, "an ended link moved; seed \(seed)")
            hasEnded = next == .cancelled || next == .expired
            status = next
        }
    }
}
