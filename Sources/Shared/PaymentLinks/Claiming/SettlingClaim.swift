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
