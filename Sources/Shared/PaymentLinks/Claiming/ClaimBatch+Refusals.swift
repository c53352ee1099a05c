/// Why a claim is refused.
extension ClaimBatch {
    /// A restriction to email addresses is the last of the reasons: a claim that names the right address wins the link,
    /// and none learns for nothing that the address is right. Authority over a wallet comes before both restrictions.
    func refusal(of request: ClaimRequest, on link: LinkSnapshot) -> Refusal? {
        lifecycleRefusal(of: request, on: link)
            ?? authorityRefusal(of: request)
            ?? payerRefusal(of: request, on: link)
            ?? methodRefusal(of: request, on: link)
            ?? (credit(for: link) == nil ? .payeeCannotReceive : nil)
            ?? emailRefusal(of: request, on: link)
    }

    private func lifecycleRefusal(of request: ClaimRequest, on link: LinkSnapshot) -> Refusal? {
        let status = link.status(at: state.now)
        guard status.applying(.claim) != nil else {
            return .notClaimable(status, winner: link.winningClaimId.flatMap { state.claims[$0]?.status })
        }
        return mayHaveBeenRefused(request, on: link) ? .notClaimable(.claimed, winner: nil) : nil
    }

    /// Whether an earlier delivery of the claim may have been refused without a row, before the link changed.
    ///
    /// Such a claim must not win now: its payer has read that it was refused.
    private func mayHaveBeenRefused(_ request: ClaimRequest, on link: LinkSnapshot) -> Bool {
        let limit = storedAnswers(for: request)
        guard tally(of: link).storedAnswers >= limit, let updatedAt = link.updatedAt else { return false }
        return request.claimId.ulid.milliseconds < updatedAt.milliseconds
    }

    /// How many answers a link stores for callers such as this one.
    func storedAnswers(for request: ClaimRequest) -> Int {
        request.authority == nil ? ClaimLimits.storedAnswers : ClaimLimits.storedAnswersWithKey
    }

    /// One answer for a wallet that is not there and one that the caller has no authority over.
    private func authorityRefusal(of request: ClaimRequest) -> Refusal? {
        guard case .wallet(let id) = request.payer else { return nil }
        guard let wallet = state.wallets[id] else { return .walletAuthorizationRequired }
        let isAuthorized = request.authority?.covers(wallet) ?? false
        return isAuthorized || wallet.allowsPublicClaims ? nil : .walletAuthorizationRequired
    }

    private func payerRefusal(of request: ClaimRequest, on link: LinkSnapshot) -> Refusal? {
        guard let allowed = link.restrictions?.walletIds, !allowed.isEmpty else { return nil }
        guard case .wallet(let id) = request.payer, allowed.contains(id) else { return .walletNotAllowed }
        return nil
    }

    private func emailRefusal(of request: ClaimRequest, on link: LinkSnapshot) -> Refusal? {
        guard let allowed = link.restrictions?.emails, !allowed.isEmpty else { return nil }
        guard let email = request.recipientEmail else { return .emailNotAllowed(wasSent: false) }
        return allowed.contains(email) ? nil : .emailNotAllowed(wasSent: true)
    }

    private func methodRefusal(of request: ClaimRequest, on link: LinkSnapshot) -> Refusal? {
        guard policy.carries(request.method, in: link.environment) else { return .railUnavailable(request.method) }
        return switch request.payer {
        case .ach: achRefusal(of: link.amount)
        case .usdc(_, let chain): usdcRefusal(of: link.amount, on: chain, in: link.environment)
        case .wallet(let id): walletRefusal(of: request, payer: id, on: link)
        }
    }

    private func achRefusal(of amount: Money) -> Refusal? {
        guard let debited = amount.converted(to: .usd) else { return .amountNotRepresentable(in: .usd) }
        return debited.minorUnits > policy.achLimit.minorUnits ? .amountExceedsRailLimit(policy.achLimit) : nil
    }

    private func usdcRefusal(of amount: Money, on chain: Chain, in environment: Environment) -> Refusal? {
        guard chain.serves(environment) else { return .chainUnavailable(chain) }
        return amount.converted(to: .usdc) == nil ? .amountNotRepresentable(in: .usdc) : nil
    }

    private func walletRefusal(of request: ClaimRequest, payer id: WalletID, on link: LinkSnapshot) -> Refusal? {
        guard let wallet = state.wallets[id] else { return .walletAuthorizationRequired }
        guard wallet.environment == link.environment else { return .environmentMismatch }
        guard wallet.id != link.walletId else { return .selfClaim }
        guard !wallet.isFrozen else { return .walletFrozen(id) }
        guard let debited = link.amount.converted(to: wallet.currency) else {
            return .amountNotRepresentable(in: wallet.currency)
        }
        guard debited.minorUnits <= wallet.balance.available else {
            let showsBalance = request.authority?.showsBalance(of: wallet) ?? false
            return .insufficientFunds(wallet, requested: debited, showsBalance: showsBalance)
        }
        return nil
    }
}
