/// One forward step of the schema. Steps are numbered from 1 without gaps and never change once released.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    /// What it locks, and for how long: what an operator wants to know before running it on a live system.
    package let locking: String
    let statements: [String]

    /// Every step, in order.
    package static let all: [Migration] = [
        .ledgerAndLinks, .messaging, .webhooks, .lighterClaims, .eventHorizon, .keyRateLimits,
        .lighterSettlements, .offers, .debts, .eventOrder, .deliveryLeases, .keyLineage, .payerDigests, .linkTallies,
        .clearedAddresses,
    ]
}
