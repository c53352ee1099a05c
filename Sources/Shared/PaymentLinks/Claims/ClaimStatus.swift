/// Where a claim is in its life.
package enum ClaimStatus: String, Codable, Sendable, CaseIterable {
    /// Accepted as a job; no worker has decided it yet.
    case processing = "PROCESSING"
    /// The link is claimed, and the rail is at work.
    case pending = "PENDING"
    case settled = "SETTLED"
    case failed = "FAILED"
    /// Decided against: the link was not claimed by it.
    case refused = "REFUSED"
}

/// What a rail's outcome does to a claim.
package enum ClaimStep: Sendable, CaseIterable {
    /// The outcome came twice or out of order: nothing moves.
    case ignore
    /// The rail has sent the payment on its way; the claim stays PENDING.
    case recordSubmission
    /// PENDING to SETTLED.
    case settle
    /// PENDING to FAILED: the money never came.
    case fail
    /// SETTLED to FAILED: the money came and went back.
    case reverse

    /// The claim's status after the step, or nil where it keeps its own.
    package var status: ClaimStatus? {
        switch self {
        case .ignore, .recordSubmission: nil
        case .settle: .settled
        case .fail, .reverse: .failed
        }
    }
}

extension ClaimStatus {
    /// The one rule for outcomes, which may come twice or out of order: the ledger moves once for each step.
    package func applying(_ outcome: SettlementOutcome.Kind) -> ClaimStep {
        switch (self, outcome) {
        case (.pending, .submitted): .recordSubmission
        case (.pending, .settled): .settle
        case (.pending, .failed), (.pending, .returned): .fail
        case (.settled, .failed), (.settled, .returned): .reverse
        case (.settled, .submitted), (.settled, .settled): .ignore
        case (.processing, _), (.failed, _), (.refused, _): .ignore
        }
    }
}
