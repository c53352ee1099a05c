/// Where a link is in its life.
package enum LinkStatus: String, Codable, Sendable, CaseIterable {
    case active = "ACTIVE"
    case claimed = "CLAIMED"
    case cancelled = "CANCELLED"
    case expired = "EXPIRED"
}

/// What can befall a link.
package enum LinkTransition: String, Sendable, CaseIterable {
    case claim
    case cancel
    case expire
    /// Its claim failed after all, and it has not expired meanwhile: it can be claimed again.
    case reopen
    /// Its claim failed after all, but it has expired meanwhile.
    case reopenExpired
}

extension LinkStatus {
    /// The one rule of a link's life: where the transition leads, `nil` when it is not allowed. The guarded updates in
    /// SQL repeat it.
    ///
    /// Cancelling a cancelled link changes nothing and is no error, for callers retry.
    package func applying(_ transition: LinkTransition) -> LinkStatus? {
        switch (self, transition) {
        case (.active, .claim): .claimed
        case (.active, .cancel), (.cancelled, .cancel): .cancelled
        case (.active, .expire): .expired
        case (.claimed, .reopen): .active
        case (.claimed, .reopenExpired): .expired
        default: nil
        }
    }
}
