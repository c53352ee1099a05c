/// Where a claim is in its life.
package enum ClaimStatus: String, Codable, Sendable, CaseIterable {
    /// Accepted as a job; no worker has decided it yet.
    case processing = "PROCESSING"
    /// An offer: the rail waits for its payment, and the link stays open to others.
    case awaitingPayment = "AWAITING_PAYMENT"
    /// The link is claimed, and the rail is at work.
    case pending = "PENDING"
    case settled = "SETTLED"
    case failed = "FAILED"
    /// An offer that was not paid in time.
    case expired = "EXPIRED"
    /// Released by its payer or its payee before the money moved.
    case cancelled = "CANCELLED"
    /// Decided against: the link was not claimed by it.
    case refused = "REFUSED"
}

/// What a rail's outcome does to a claim.
package enum ClaimStep: Sendable, CaseIterable {
    /// The outcome came twice or out of order: nothing moves.
    case ignore
    /// The rail has sent the payment on its way; the claim stays PENDING.
    case recordSubmission
    /// AWAITING_PAYMENT to PENDING: the rail sees the payment, and the offer takes its link.
    case take
    /// AWAITING_PAYMENT to SETTLED: the payment is final when the rail reports it for the first time.
    case takeAndSettle
    /// PENDING to SETTLED.
    case settle
    /// PENDING to FAILED: the money never came.
    case fail
    /// SETTLED to FAILED: the money came and went back.
    case reverse
    /// AWAITING_PAYMENT to FAILED: the rail does not accept a payment for the offer. Nothing moved.
    case withdraw
    /// The payment came for a claim that is over: it goes to suspense, and the claim keeps its status.
    case suspend

    /// The claim's status after the step, or nil where it keeps its own.
    package var status: ClaimStatus? {
        switch self {
        case .ignore, .recordSubmission, .suspend: nil
        case .take: .pending
        case .settle, .takeAndSettle: .settled
        case .fail, .reverse, .withdraw: .failed
        }
    }
}

extension ClaimStatus {
    /// The one rule for outcomes, which may come twice or out of order: the ledger moves once for each step.
    package func applying(_ outcome: SettlementOutcome.Kind) -> ClaimStep {
        switch (self, outcome) {
        case (.awaitingPayment, .submitted): .take
        case (.awaitingPayment, .settled): .takeAndSettle
        case (.awaitingPayment, .failed), (.awaitingPayment, .returned): .withdraw
        case (.pending, .submitted): .recordSubmission
        case (.pending, .settled): .settle
        case (.pending, .failed), (.pending, .returned): .fail
        case (.settled, .failed), (.settled, .returned): .reverse
        case (.settled, .submitted), (.settled, .settled): .ignore
        case (.expired, .settled), (.cancelled, .settled): .suspend
        case (.processing, _), (.failed, _), (.refused, _), (.expired, _), (.cancelled, _): .ignore
        }
    }

    /// Whether the claim can be released: its money has not moved.
    ///
    /// - Parameter isSubmitted: whether the rail has the payment on its way.
    package func isReleasable(isSubmitted: Bool) -> Bool {
        switch self {
        case .awaitingPayment: true
        case .pending: !isSubmitted
        default: false
        }
    }
}
