/// Where a transaction of the ledger is in its life.
package enum TransactionStatus: String, Codable, Sendable, CaseIterable {
    /// Recorded; the money is not available yet.
    case pending = "PENDING"
    case posted = "POSTED"
    case failed = "FAILED"
    /// Posted, then taken back by entries of the opposite sign.
    case reversed = "REVERSED"
}
