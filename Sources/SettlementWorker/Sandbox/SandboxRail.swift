package import Consuming
package import PaymentLinks

/// Plays a bank and six chains for sandbox wallets: same messages, same queues, no money.
///
/// Its outcomes follow from the settlement alone, so a message that comes again gets the same answer.
package struct SandboxRail: Rail {
    /// The longest that outcomes can be held back.
    package static let longestDelay = Duration.seconds(60)

    private let delay: Duration
    private let pause: Pause

    /// - Parameter delay: how long after its claim a settlement's outcomes come, so that PENDING can be seen.
    package init(delay: Duration, pause: Pause) {
        self.delay = min(max(delay, .zero), Self.longestDelay)
        self.pause = pause
    }

    package func submit(_ batch: [OpenedSettlement]) async throws(RailNotReady) -> [SettlementOutcome] {
        try await waitUntilDue(batch)
        return batch.flatMap { outcomes(of: $0) }
    }

    /// Waits for the youngest of the batch. Settlements age while they wait in the queue, so a busy simulator is no
    /// slower than an idle one; and a clock that is wrong cannot make it wait for longer than the delay.
    private func waitUntilDue(_ batch: [OpenedSettlement]) async throws(RailNotReady) {
        guard delay > .zero, let youngest = batch.map(\.request.createdAt).max() else { return }
        let age = pause.now().duration(since: youngest)
        let remaining = min(delay - age, delay)
        guard remaining > .zero else { return }
        guard await pause.wait(remaining) else { throw RailNotReady("the simulator is stopping") }
    }

    private func outcomes(of settlement: OpenedSettlement) -> [SettlementOutcome] {
        let story = SandboxStory(settlement, settledAt: settlement.request.createdAt.advanced(by: delay))
        return story.outcomes(SandboxScript(for: settlement.destination))
    }
}
