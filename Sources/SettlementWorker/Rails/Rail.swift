package import PaymentLinks

/// A settlement as a rail gets it: what is asked for, and the account that pays, in clear.
package struct OpenedSettlement: Hashable, Sendable {
    package let request: SettlementRequest
    package let destination: Destination

    package init(request: SettlementRequest, destination: Destination) {
        self.request = request
        self.destination = destination
    }

    package var id: ClaimID { request.settlementId }
}

/// Why a rail took nothing of a batch for now. The batch is held and offered again, until the process stops.
package struct RailNotReady: Error, Hashable, Sendable, CustomStringConvertible {
    /// For operators; it names no account.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// A way to move money: it takes settlements and says what becomes of them.
///
/// A batch may hold a settlement that an earlier one held already, for the broker delivers again what was not
/// acknowledged. A rail acts once on each settlement id and gives the same outcomes for it every time.
package protocol Rail: Sendable {
    /// Takes a batch on, and answers with what is known of each settlement by now, in the order in which it came about:
    /// at least one outcome for a bank debit, and none for an offer whose payment is not seen.
    ///
    /// What comes to be known later, such as a bank's return, the rail publishes to the outcomes' queue by itself.
    /// Throwing means that nothing of the batch was taken on.
    func submit(_ batch: [OpenedSettlement]) async throws(RailNotReady) -> [SettlementOutcome]
}
