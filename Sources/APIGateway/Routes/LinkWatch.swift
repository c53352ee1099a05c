import PaymentLinks
package import Storage

/// Decides when a request that waits for a link's change is answered.
package struct LinkWatch: Sendable {
    /// What a change of the link or its claim changes.
    private struct Version: Sendable, Equatable {
        let status: LinkStatus
        let updatedAt: Timestamp
        let claimId: ClaimID?
        let claimStatus: ClaimStatus?

        init(_ link: LinkRecord) {
            status = link.status
            updatedAt = link.updatedAt
            claimId = link.claim?.id
            claimStatus = link.claim?.status
        }
    }

    private enum Sight: Sendable, Equatable {
        case link(Version)
        case refused
        case absent

        init(_ lookup: LinkStore.Lookup) {
            switch lookup {
            case .link(let link): self = .link(Version(link))
            case .refused: self = .refused
            case .absent: self = .absent
            }
        }
    }

    private var first: Sight?

    package init() {}

    /// Whether the wait ends with this look: the link differs from the first look, or cannot change any more.
    ///
    /// - Parameter isPromised: whether a link that is absent was accepted and may still be made.
    package mutating func isOver(_ lookup: LinkStore.Lookup, isPromised: Bool) -> Bool {
        let sight = Sight(lookup)
        if let first { return sight != first }
        first = sight
        return lookup.isFinal(isPromised: isPromised)
    }
}

extension LinkStore.Lookup {
    /// Whether no further look can differ. A rail may take settled money back, so only a wallet's payment is final.
    fileprivate func isFinal(isPromised: Bool) -> Bool {
        switch self {
        case .link(let link):
            switch link.status {
            case .active: false
            case .cancelled, .expired: true
            case .claimed: link.claim.map { $0.method == .wallet && $0.status == .settled } ?? false
            }
        case .refused: true
        case .absent: !isPromised
        }
    }
}
