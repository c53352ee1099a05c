/// The refusals of claims, each with what its reader can do.
extension Refusal {
    static var linkNotFound: Refusal {
        Refusal(.paymentLinkNotFound, "There is no payment link with this slug; check the address that you were given.")
    }

    /// The slug was made by a gateway, and the link's creation is not committed yet.
    package static var linkNotReady: Refusal {
        Refusal(.linkNotReady, "This payment link was accepted and is not created yet; try again in a moment.")
    }

    /// Of a link that cannot be claimed: an ACTIVE one can until its time has passed.
    ///
    /// - Parameter winner: the status of the claim that took the link.
    package static func notClaimable(_ status: LinkStatus, winner: ClaimStatus?) -> Refusal {
        switch status {
        case .claimed where winner == .pending:
            Refusal(
                .linkAlreadyClaimed,
                "This payment link is being paid by another claim; try again later, or ask the payee for a new one.")
        case .claimed:
            Refusal(.linkAlreadyClaimed, "This payment link has been paid already; ask the payee for a new one.")
        case .cancelled: Refusal(.linkCancelled, "The payee cancelled this payment link; ask for a new one.")
        case .expired, .active: Refusal(.linkExpired, "This payment link has expired; ask the payee for a new one.")
        }
    }

    /// - Parameter wasSent: whether the claim has an email address.
    static func emailNotAllowed(wasSent: Bool) -> Refusal {
        Refusal(
            .recipientNotAllowed,
            wasSent
                ? "This payment link cannot be paid with this recipientEmail; send an address that the payee allowed."
                : "This payment link is restricted to certain email addresses; send yours as recipientEmail.")
    }

    static var walletNotAllowed: Refusal {
        Refusal(.recipientNotAllowed, "This payment link can only be paid from certain wallets, with method wallet.")
    }

    static var walletAuthorizationRequired: Refusal {
        Refusal(
            .walletAuthorizationRequired,
            "Paying from this wallet needs a Bearer key of its organization with payments:write, in its environment.")
    }

    static var environmentMismatch: Refusal {
        Refusal(.environmentMismatch, "The wallet and the payment link belong to different environments.")
    }

    static var selfClaim: Refusal {
        Refusal(.selfClaim, "A wallet cannot pay a link that settles into itself; pay from another wallet.")
    }

    static func walletFrozen(_ id: WalletID) -> Refusal {
        Refusal(
            .walletFrozen, "The wallet is frozen and pays nothing until it is unfrozen.", ["walletId": id.description])
    }

    /// - Parameter showsBalance: whether the payer may read the wallet's balance and debt.
    static func insufficientFunds(_ wallet: WalletSnapshot, requested: Money, showsBalance: Bool) -> Refusal {
        var details = ["walletId": wallet.id.description, "requested": requested.description]
        if showsBalance {
            details[balanceDetail] = Money(minorUnits: wallet.balance.available, currency: wallet.currency).description
            details[debtDetail] = Money(minorUnits: wallet.balance.debt, currency: wallet.currency).description
        }
        let message =
            showsBalance && wallet.isInDebt
            ? "The wallet is in debt and cannot pay; fund it with more than details.debt and claim again."
            : "The wallet does not hold enough; fund it and claim again."
        return Refusal(.insufficientFunds, message, details)
    }

    private static let balanceDetail = "balance"
    private static let debtDetail = "debt"
    /// The details of `INSUFFICIENT_FUNDS` that only a key with wallets:read and authority over the wallet sees.
    package static let balanceDetails = [balanceDetail, debtDetail]

    /// Whether the details show what a wallet has or owes.
    var tellsBalance: Bool { Self.balanceDetails.contains { details?[$0] != nil } }

    /// The same refusal for a caller that may not read the wallet's balance.
    package var withoutBalance: Refusal {
        guard tellsBalance else { return self }
        return Refusal(
            code, "The wallet does not hold enough; fund it and claim again.",
            details?.filter { !Self.balanceDetails.contains($0.key) })
    }

    static func amountNotRepresentable(in currency: Currency) -> Refusal {
        Refusal(
            .amountNotRepresentable,
            "This amount has more decimals than \(currency.rawValue) carries; pay with another method.")
    }

    static func amountExceedsRailLimit(_ limit: Money) -> Refusal {
        Refusal(
            .amountExceedsRailLimit, "ACH carries at most \(limit) USD an entry; pay with another method.",
            ["limit": limit.description])
    }

    /// No rail carries the method in the link's environment.
    package static func railUnavailable(_ method: ClaimMethod) -> Refusal {
        Refusal(
            .railUnavailable, "No \(method.rawValue) rail is connected for this payment link; pay with another method.",
            ["method": method.rawValue])
    }

    /// The chain is a test network, and the link takes real money.
    static func chainUnavailable(_ chain: Chain) -> Refusal {
        Refusal(
            .railUnavailable, "\(chain.rawValue) pays sandbox links only; send another chain.",
            ["method": ClaimMethod.usdc.rawValue, "chain": chain.rawValue])
    }

    static var payeeCannotReceive: Refusal {
        Refusal(.amountExceedsRailLimit, "The payee's wallet cannot hold this amount on top of what it has.")
    }

    /// The key was used with another body before.
    package static var idempotencyKeyReuse: Refusal {
        Refusal(
            .idempotencyKeyReuse,
            "This Idempotency-Key was used with a different request; send a new key, or the first request again.")
    }

    private init(_ code: ErrorCode, _ message: String, _ details: [String: String]? = nil) {
        self.init(code: code, message: message, details: details)
    }
}
