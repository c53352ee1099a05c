package import PaymentLinks
package import Storage

/// The shapes in which links are answered.
package struct LinkJSON: Sendable {
    private let publicAddress: PublicAddress

    package init(publicAddress: PublicAddress) {
        self.publicAddress = publicAddress
    }

    package func link(_ link: LinkRecord) -> [UInt8] {
        JSONWriter.object { fields(of: link, in: &$0) }
    }

    package func fields(of link: LinkRecord, in writer: inout JSONWriter) {
        writer.field("id", link.id)
        writer.field("organizationId", link.organizationId)
        writer.field("environment", link.environment.rawValue)
        writer.field("walletId", link.walletId)
        writer.field("slug", link.slug)
        writer.field("url", publicAddress.url(of: link.slug))
        writer.field("amount", link.amount)
        writer.field("currency", link.amount.currency.rawValue)
        writer.field("description", link.description)
        writer.field("recipientRestrictions", link.restrictions)
        writer.field("status", link.status.rawValue)
        writer.field("expiresAt", link.expiresAt)
        writer.field("metadata", json: link.metadataJSON)
        writer.field("claim", link.claim)
        writer.field("createdAt", link.createdAt)
        writer.field("updatedAt", link.updatedAt)
        writer.field("claimedAt", link.claimedAt)
        writer.field("cancelledAt", link.cancelledAt)
        writer.field("expiredAt", link.expiredAt)
    }

    /// A link that is accepted, and not made yet: what its creator said, and `PROCESSING`.
    package func processing(_ creation: LinkCreation) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("id", creation.linkId)
            writer.field("organizationId", creation.organizationId)
            writer.field("environment", creation.environment.rawValue)
            writer.field("walletId", creation.walletId)
            writer.field("slug", creation.slug)
            writer.field("url", publicAddress.url(of: creation.slug))
            writer.field("amount", creation.amount)
            writer.field("currency", creation.amount.currency.rawValue)
            writer.field("status", ClaimStatus.processing.rawValue)
        }
    }

    /// The same when nothing but the id is known.
    package static func processing(_ id: LinkID) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("id", id)
            writer.field("status", ClaimStatus.processing.rawValue)
        }
    }

    /// What a payer may know.
    package static func details(_ details: LinkDetails, methods: [ClaimMethod]) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("slug", details.slug)
            writer.field("amount", details.amount)
            writer.field("currency", details.amount.currency.rawValue)
            writer.field("description", details.description)
            writer.field("status", details.status.rawValue)
            writer.field("expiresAt", details.expiresAt)
            writer.field("payee", details.payee)
            writer.field("acceptedMethods", array: methods) { $0.string($1.rawValue) }
            writer.field("restricted", details.isRestricted)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func field(_ name: StaticString, _ restrictions: RecipientRestrictions?) {
        guard let restrictions else { return field(name, json: nil) }
        field(
            name,
            object: { writer in
                writer.field("emails", array: restrictions.emails) { $0.string($1.string) }
                writer.field("walletIds", array: restrictions.walletIds) { $0.string($1.description) }
            })
    }

    fileprivate mutating func field(_ name: StaticString, _ claim: LinkRecord.WinningClaim?) {
        guard let claim else { return field(name, json: nil) }
        field(
            name,
            object: { writer in
                writer.field("claimId", claim.id)
                writer.field("method", claim.method.rawValue)
                writer.field("status", claim.status.rawValue)
                writer.field("transactionId", claim.transactionId)
                writer.field("claimedAt", claim.claimedAt)
            })
    }
}
