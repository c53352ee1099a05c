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
    /// The one rule of a link's life; the guarded updates in SQL repeat it.
    ///
    /// Cancelling a cancelled link changes nothing and is no error, for callers retry.
    package func applying(_ transition: LinkTransition) throws(LinkTransitionError) -> LinkStatus {
        switch (self, transition) {
        case (.active, .claim): return .claimed
        case (.active, .cancel), (.cancelled, .cancel): return .cancelled
        case (.active, .expire): return .expired
        case (.claimed, .reopen): return .active
        case (.claimed, .reopenExpired): return .expired
        default: throw LinkTransitionError(status: self, transition: transition)
        }
    }
}

/// A transition that a link's status does not allow.
package struct LinkTransitionError: Error, Hashable, Sendable {
    package let status: LinkStatus
    package let transition: LinkTransition

    /// How a payer or caller is told. A failed claim tells which end the link met; other calls, that it met one.
    package var refusal: Refusal {
        switch (transition, status) {
        case (.claim, .claimed):
            Refusal(code: .linkAlreadyClaimed, message: "This payment link has been claimed already.")
        case (.claim, .cancelled):
            Refusal(code: .linkCancelled, message: "This payment link was cancelled: ask the payee for another.")
        case (.claim, .expired):
            Refusal(code: .linkExpired, message: "This payment link has expired: ask the payee for another.")
        default:
            Refusal(
                code: .linkNotActive,
                message: "Only an ACTIVE payment link can change this way; this one is \(status.rawValue).")
        }
    }
}
