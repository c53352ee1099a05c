/// A rail's word on one settlement. (contract: `settlement-outcomes`)
package struct SettlementOutcome: Hashable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case submitted, settled, failed, returned

        /// Whether it can end a claim, so that the link is free again.
        package var mayReopenLink: Bool { self == .failed || self == .returned }
    }

    package let settlementId: ClaimID
    package let kind: Kind
    /// A return code such as `R01`, or the rail's own; empty when all went well.
    package let code: String?
    package let reason: String?
    /// A trace number, or a transaction hash and log index.
    package let reference: String?
    package let occurredAt: Timestamp
    /// What the rail saw arrive, in base units of the rail's currency; `nil` for the amount that the settlement asks for.
    package let baseUnits: Int64?
    /// The rail whose key signed the outcome; `nil` for an unsigned one.
    package let provenRail: ClaimMethod?

    package init(
        settlementId: ClaimID, kind: Kind, code: String?, reason: String?, reference: String?, occurredAt: Timestamp,
        baseUnits: Int64? = nil, provenRail: ClaimMethod? = nil
    ) {
        self.settlementId = settlementId
        self.kind = kind
        self.code = code
        self.reason = reason
        self.reference = reference
        self.occurredAt = occurredAt
        self.baseUnits = baseUnits
        self.provenRail = provenRail
    }

    /// Whether it can end a claim, so that the link is free again: also a final payment that may be too small.
    package var mayReopenLink: Bool { kind.mayReopenLink || kind == .settled && baseUnits != nil }

    var failure: SettlementFailure {
        SettlementFailure(code: code ?? "UNKNOWN", reason: reason ?? "The rail gave no reason.")
    }
}

/// A claim that a rail works on, as a batch found and locked it.
package struct SettlingClaim: Sendable {
    package let id: ClaimID
    package let transactionId: TransactionID
    package let linkId: LinkID
    package let method: ClaimMethod
    /// When the claim took its link or, for an offer, when it was made.
    package internal(set) var claimedAt: Timestamp
    package internal(set) var status: ClaimStatus
    package internal(set) var failure: SettlementFailure?
    package internal(set) var reference: String?
    package internal(set) var submittedAt: Timestamp?
    package internal(set) var settledAt: Timestamp?
    /// When the claim ended without its money.
    package internal(set) var failedAt: Timestamp?
    /// The sequence of its link's last event, as long as the claim holds the link. `nil` for claims that an earlier
    /// version decided, and for offers.
    package internal(set) var eventSequence: Int64?
    /// Whether the claim has not taken its link.
    package internal(set) var isOffer: Bool
    package let payBefore: Timestamp?

    package init(
        id: ClaimID, transactionId: TransactionID, linkId: LinkID, method: ClaimMethod, claimedAt: Timestamp,
        status: ClaimStatus, reference: String?, submittedAt: Timestamp?, settledAt: Timestamp?,
        failedAt: Timestamp? = nil, eventSequence: Int64? = nil, isOffer: Bool = false, payBefore: Timestamp? = nil,
        failure: SettlementFailure? = nil
    ) {
        self.id = id
        self.transactionId = transactionId
        self.linkId = linkId
        self.method = method
        self.claimedAt = claimedAt
        self.status = status
        self.reference = reference
        self.submittedAt = submittedAt
        self.settledAt = settledAt
        self.failedAt = failedAt
        self.eventSequence = eventSequence
        self.isOffer = isOffer
        self.payBefore = payBefore
        self.failure = failure
    }

    /// Whether the claim neither has its link nor its money: what arrives for it goes to suspense.
    var isOver: Bool { isOffer || status == .cancelled || status == .failed }
}

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
