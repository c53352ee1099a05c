/// A creator's link as the gateway accepted it: valid in itself, not yet held against its wallet.
package struct LinkCreation: Sendable {
    package let linkId: LinkID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let walletId: WalletID
    package let slug: Slug
    package let amount: Money
    package let description: String?
    package let restrictions: RecipientRestrictions?
    package let expiresAt: Timestamp?
    /// The link's metadata, as JSON text.
    package let metadataJSON: String
    /// Stands for everything the creator sent.
    package let digest: Digest
    package let idempotencyKey: Digest?

    /// Whether the expiry had passed before the gateway took the creation. It takes it only for its key: it may repeat
    /// one that was in time.
    var cameTooLate: Bool {
        expiresAt.map { $0.microseconds <= linkId.ulid.milliseconds * 1000 } ?? false
    }

    package init(
        linkId: LinkID, organizationId: OrganizationID, environment: Environment, walletId: WalletID, slug: Slug,
        amount: Money, description: String?, restrictions: RecipientRestrictions?, expiresAt: Timestamp?,
        metadataJSON: String, digest: Digest, idempotencyKey: Digest?
    ) {
        self.linkId = linkId
        self.organizationId = organizationId
        self.environment = environment
        self.walletId = walletId
        self.slug = slug
        self.amount = amount
        self.description = description
        self.restrictions = restrictions
        self.expiresAt = expiresAt
        self.metadataJSON = metadataJSON
        self.digest = digest
        self.idempotencyKey = idempotencyKey
    }
}

/// A link as it was when it was created: what its creator is answered, then and at every retry.
package struct CreatedLink: Sendable {
    package let creation: LinkCreation
    package let createdAt: Timestamp

    package init(creation: LinkCreation, createdAt: Timestamp) {
        self.creation = creation
        self.createdAt = createdAt
    }
}

/// What a creation was answered with when it was decided.
package enum CreationOutcome: Sendable {
    case created(CreatedLink)
    case refused(Refusal)
}

/// Everything that a batch of creations writes, and what each job is answered.
package struct CreationPlan: Sendable {
    /// A creation whose answer is not a link of its own: refused, or answered by an earlier link.
    package struct Result: Sendable {
        package let linkId: LinkID
        package let organizationId: OrganizationID
        package let answeredBy: LinkID?
        package let refusal: Refusal?
    }

    /// A caller's idempotency key, bound to the creation that answers it from now on.
    package struct Key: Sendable {
        package let reference: IdempotencyReference
        package let linkId: LinkID
    }

    /// A job's answer, in the jobs' order.
    package struct Answer: Sendable {
        package let linkId: LinkID
        package let outcome: CreationOutcome
        package let isReplayed: Bool
    }

    package let decidedAt: Timestamp
    package internal(set) var links: [LinkCreation] = []
    package internal(set) var results: [Result] = []
    package internal(set) var keys: [Key] = []
    package internal(set) var events: [DomainEvent] = []
    /// What must reach the broker once this plan is committed. Answers are not part of it: a lost answer is read back.
    package internal(set) var outbox: [OutboxMessage] = []
    package internal(set) var answers: [Answer] = []

    package var isEmpty: Bool { links.isEmpty && results.isEmpty }
}
