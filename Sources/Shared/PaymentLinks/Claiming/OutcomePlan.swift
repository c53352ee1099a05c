/// Everything that a batch of rails' outcomes writes.
package struct OutcomePlan: Sendable {
    package let decidedAt: Timestamp
    /// The changed claims, each in its last state.
    package internal(set) var claims: [ClaimID: SettlingClaim] = [:]
    package internal(set) var transactions: [TransactionID: TransactionStatus] = [:]
    package internal(set) var reopenedLinks: [LinkID: LinkStatus] = [:]
    /// The sequence of each link's last event, where the link's row counts: of links that are reopened or taken.
    package internal(set) var eventSequences: [LinkID: Int64] = [:]
    /// The links that offers take, after those that are open again.
    package internal(set) var takenLinks: [LinkID: ClaimID] = [:]
    /// The offers that take their links, each with its new transaction.
    package internal(set) var takenOffers: [TakenOffer] = []
    /// The claims that stop waiting for their payment.
    package internal(set) var endedOffers: [ClaimID] = []
    /// Money that no claim could take.
    package internal(set) var suspended: [SuspendedPayment] = []
    package internal(set) var postings: [Posting] = []
    package internal(set) var events: [DomainEvent] = []
    /// What must reach the broker once this plan is committed. Answers are not part of it: a lost answer is read back.
    package internal(set) var outbox: [OutboxMessage] = []
    /// Outcomes of settlements that we never asked for.
    package internal(set) var unknown: [SettlementOutcome] = []
    /// Payments that arrived after their bank debit had failed, and returns of money in suspense: nothing moves by
    /// itself, and an operator must look. One that had arrived before, and went back, is only reported again.
    package internal(set) var contradicted: [SettlementOutcome] = []
    /// Outcomes that changed nothing: repeated, or overtaken by a later one.
    package internal(set) var ignoredCount = 0

    package var isEmpty: Bool { claims.isEmpty && suspended.isEmpty }
}

/// An offer whose payment the rail saw first.
package struct TakenOffer: Sendable {
    package let claimId: ClaimID
    package let transactionId: TransactionID
    package let link: LinkSnapshot
}
