/// What a batch of claims is decided on: rows that it has read, of which the links at least are locked.
package struct ClaimBatchState: Sendable {
    package var links: [Slug: LinkSnapshot]
    package var wallets: [WalletID: WalletSnapshot]
    /// The keys of this batch that earlier requests have used.
    package var keys: [Digest: UsedKey]
    /// The claims that answer: those of repeated deliveries, of used keys, and the links' winners.
    package var claims: [ClaimID: ClaimSnapshot]
    /// The repeated deliveries that another claim answers.
    package var aliases: [ClaimID: ClaimID]
    /// The offers of each link that are not displaced, oldest first. Read only for links that a `usdc` claim names.
    var offers: [LinkID: [Offer]] = [:]
    /// The database's clock, read after the locks were taken.
    package let now: Timestamp

    package struct UsedKey: Sendable {
        package let requestDigest: Digest
        package let claimId: ClaimID

        package init(requestDigest: Digest, claimId: ClaimID) {
            self.requestDigest = requestDigest
            self.claimId = claimId
        }
    }

    package init(
        links: [Slug: LinkSnapshot] = [:], wallets: [WalletID: WalletSnapshot] = [:], keys: [Digest: UsedKey] = [:],
        claims: [ClaimID: ClaimSnapshot] = [:], aliases: [ClaimID: ClaimID] = [:], now: Timestamp
    ) {
        self.links = links
        self.wallets = wallets
        self.keys = keys
        self.claims = claims
        self.aliases = aliases
        self.now = now
    }

    /// Adds claims that are offers.
    ///
    /// - Parameter offers: oldest first.
    package mutating func add(offers claims: [ClaimSnapshot]) {
        for claim in claims {
            guard let offer = claim.offer else { continue }
            self.claims[claim.id] = claim
            offers[offer.linkId, default: []].append(offer)
        }
    }
}
