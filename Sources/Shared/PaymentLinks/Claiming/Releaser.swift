/// Who gives a claim up before its money moves.
package enum Releaser: String, Sendable {
    case payer, payee

    /// What the claim's address says from then on.
    var failure: SettlementFailure {
        SettlementFailure(code: "RELEASED", reason: "The \(rawValue) released the claim before its money moved.")
    }
}

/// What becomes of a claim that its payer or its payee releases.
package enum ReleaseDecision: Sendable {
    case released(OutcomePlan)
    /// An earlier call released it; nothing changes.
    case alreadyReleased
    /// The rail has acted, or the claim is over.
    case notReleasable(ClaimStatus)
}
