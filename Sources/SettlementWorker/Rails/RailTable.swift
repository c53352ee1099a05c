package import PaymentLinks

/// Which rail carries a queue's settlements, by their environment: sandbox money never meets a real rail.
package struct RailTable: Rail {
    private let sandbox: any Rail
    private let production: any Rail

    package init(sandbox: any Rail, production: any Rail) {
        self.sandbox = sandbox
        self.production = production
    }

    /// Splits the batch by environment. A batch of which one rail took its part and the other did not is offered
    /// again as a whole; rails act once on a settlement, so nothing is done twice.
    package func submit(_ batch: [OpenedSettlement]) async throws(RailNotReady) -> [SettlementOutcome] {
        try await submit(batch, in: .sandbox, to: sandbox) + submit(batch, in: .production, to: production)
    }

    private func submit(
        _ batch: [OpenedSettlement], in environment: Environment, to rail: any Rail
    ) async throws(RailNotReady) -> [SettlementOutcome] {
        let part = batch.filter { $0.request.environment == environment }
        return part.isEmpty ? [] : try await rail.submit(part)
    }
}
