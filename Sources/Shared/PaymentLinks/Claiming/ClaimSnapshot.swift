/// A claim that some batch has decided, as the database remembers it.
package struct ClaimSnapshot: Sendable {
    package let id: ClaimID
    package let slug: Slug
    package let linkId: LinkID?
    package let method: ClaimMethod
    package let status: ClaimStatus
    /// What the claim was answered with.
    package let outcome: ClaimOutcome
    package let digest: Digest

    package init(
        id: ClaimID, slug: Slug, linkId: LinkID?, method: ClaimMethod, status: ClaimStatus, outcome: ClaimOutcome,
        digest: Digest
    ) {
        self.id = id
        self.slug = slug
        self.linkId = linkId
        self.method = method
        self.status = status
        self.outcome = outcome
        self.digest = digest
    }
}
