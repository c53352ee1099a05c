/// What happened, in the words that webhooks subscribe to.
package enum EventType: String, Codable, Sendable, CaseIterable {
    case linkCreated = "payment_link.created"
    case linkClaimed = "payment_link.claimed"
    case linkExpired = "payment_link.expired"
    case linkCancelled = "payment_link.cancelled"
    case linkSettled = "payment_link.settled"
    case linkClaimFailed = "payment_link.claim_failed"
    case walletFunded = "wallet.funded"
    case walletDebtChanged = "wallet.debt_changed"
    case webhookDisabled = "webhook.disabled"
}
