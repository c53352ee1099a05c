package import PaymentLinks
package import Storage

/// The shapes in which claims are answered; all have the same fields.
package enum ClaimJSON {
    package static func claim(_ claim: ClaimRecord) -> [UInt8] {
        let receipt = claim.receipt
        return JSONWriter.object { writer in
            writer.field("claimId", receipt.claimId)
            writer.field("transactionId", receipt.transactionId)
            writer.field("slug", receipt.slug)
            writer.field("method", receipt.method.rawValue)
            writer.field("status", claim.status.rawValue)
            writer.field("amount", receipt.amount)
            writer.field("currency", receipt.amount.currency.rawValue)
            writer.field("link", object: { $0.field("status", claim.linkStatus?.rawValue) })
            writer.field("instructions", receipt.instructions)
            writer.field("createdAt", receipt.createdAt)
            writer.field("settledAt", claim.settledAt)
            writer.field("failure", claim.failure)
        }
    }

    /// A claim that is accepted, and not decided yet: what is not known is null.
    ///
    /// - Parameter method: `nil` when only the claim's address is known.
    package static func processing(_ id: ClaimID, slug: Slug, method: ClaimMethod?) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("claimId", id)
            writer.field("transactionId", json: nil)
            writer.field("slug", slug)
            writer.field("method", method?.rawValue)
            writer.field("status", ClaimStatus.processing.rawValue)
            writer.field("amount", json: nil)
            writer.field("currency", json: nil)
            writer.field("link", object: { $0.field("status", json: nil) })
            writer.field("instructions", json: nil)
            writer.field("createdAt", json: nil)
            writer.field("settledAt", json: nil)
            writer.field("failure", json: nil)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func field(_ name: StaticString, _ failure: SettlementFailure?) {
        guard let failure else { return field(name, json: nil) }
        field(
            name,
            object: { writer in
                writer.field("code", failure.code)
                writer.field("reason", failure.reason)
            })
    }
}
