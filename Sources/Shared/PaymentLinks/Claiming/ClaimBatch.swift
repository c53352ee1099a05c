/// Decides claims one after the other: who wins, who is refused and why, and what each wallet has left.
///
/// No I/O, no clock, no database: the same state and jobs give the same plan. Later jobs see what earlier ones of the
/// batch did, so ten claims on one payer's wallet spend no more than it has.
package struct ClaimBatch: Sendable {
    var state: ClaimBatchState
    /// The wallets' balances before the first job.
    private let initialBalances: [WalletID: WalletBalance]
    let policy: RailPolicy
    var plan: ClaimPlan
    private var eventIds = EventIDs()
    /// The tallies of links that this batch has changed.
    private var tallies: [Slug: LinkTally] = [:]
    /// How many answers this batch stores for slugs without a link.
    private var answersWithoutLink: [Slug: Int] = [:]

    package init(state: ClaimBatchState, policy: RailPolicy) {
        self.state = state
        initialBalances = state.wallets.mapValues(\.balance)
        self.policy = policy
        plan = ClaimPlan(decidedAt: state.now)
    }

    /// Decides all jobs in order.
    package static func decide(
        _ requests: [ClaimRequest], on state: ClaimBatchState, policy: RailPolicy,
        using generator: inout some RandomNumberGenerator
    ) -> ClaimPlan {
        var batch = ClaimBatch(state: state, policy: policy)
        for request in requests { batch.decide(request, using: &generator) }
        batch.planTallies()
        batch.plan.outbox = OutboxMessage.gather(events: batch.plan.events, settlements: batch.plan.settlements)
        return batch.plan
    }

    private mutating func decide(_ request: ClaimRequest, using generator: inout some RandomNumberGenerator) {
        if let answering = earlierDelivery(of: request) {
            return answer(request, with: answering.outcome, isReplayed: answering.id != request.claimId)
        }
        if let key = request.idempotencyKey, let used = state.keys[key] {
            return decide(request, onUsed: used)
        }
        guard let link = state.links[request.slug] else {
            // A gateway queues a marked slug only if a gateway made it: its link is not committed yet.
            return refuse(request, link: nil, request.slug.isMarked ? .linkNotReady : .linkNotFound)
        }
        if let earlier = winnerEqual(to: request, on: link) ?? openOfferEqual(to: request, on: link) {
            return replay(request, from: earlier)
        }
        if let refusal = refusal(of: request, on: link) {
            return refuse(request, link: link, refusal)
        }
        if request.method == .usdc { return offer(request, on: link) }
        accept(request, on: link, using: &generator)
    }

    private func earlierDelivery(of request: ClaimRequest) -> ClaimSnapshot? {
        state.claims[state.aliases[request.claimId] ?? request.claimId]
    }

    private mutating func decide(_ request: ClaimRequest, onUsed used: ClaimBatchState.UsedKey) {
        guard used.requestDigest == request.digest, let earlier = state.claims[used.claimId] else {
            return record(request, link: state.links[request.slug], .refused(.idempotencyKeyReuse), bindsKey: false)
        }
        replay(request, from: earlier)
    }

    /// The link's winner, if this is the same payer asking again without a key.
    ///
    /// The answer shows that two claims are equal, so it could confirm a guessed account number. It is given for
    /// minutes only, and not after some claims that differed.
    private func winnerEqual(to request: ClaimRequest, on link: LinkSnapshot) -> ClaimSnapshot? {
        guard request.idempotencyKey == nil, let winner = winner(of: link), winner.digest == request.digest,
            winner.status != .failed, let claimedAt = link.claimedAt,
            state.now.duration(since: claimedAt) < ClaimLimits.replayWindow,
            tally(of: link).differingClaims < ClaimLimits.differingClaims
        else { return nil }
        return winner
    }

    private func winner(of link: LinkSnapshot) -> ClaimSnapshot? {
        guard link.status == .claimed, let id = link.winningClaimId else { return nil }
        return state.claims[id]
    }

    // MARK: - Effects

    private mutating func accept(
        _ request: ClaimRequest, on link: LinkSnapshot, using generator: inout some RandomNumberGenerator
    ) {
        guard let credited = credit(for: link) else {
            return refuse(request, link: link, .payeeCannotReceive)
        }
        let posting = posting(for: request, on: link, credited: credited).payingDebts(of: state.wallets)
        let debtEvents = posting.debtEvents(on: state.wallets, at: state.now, using: &generator)
        posting.apply(to: &state.wallets)
        demand(for: request, on: link)
        plan.postings.append(posting)
        let receipt = receipt(for: request, on: link)
        record(request, link: link, .accepted(receipt), bindsKey: true)
        markClaimed(link, by: receipt)
        tell(receipt, of: link, using: &generator)
        plan.events += debtEvents
        if let settlement = settlement(for: request, receipt, on: link) { plan.settlements.append(settlement) }
    }

    /// Notes what a wallet claim relies on in its payer's and its payee's wallet, after its posting is applied.
    private mutating func demand(for request: ClaimRequest, on link: LinkSnapshot) {
        guard case .wallet(let id) = request.payer, let before = initialBalances[id], let after = state.wallets[id]
        else { return }
        plan.demands[id, default: WalletDemand()].raise(
            to: before.available - after.balance.available, isPublic: !(request.authority?.covers(after) ?? false))
        if let payee = initialBalances[link.walletId] {
            plan.demands[link.walletId, default: WalletDemand()].rely(onDebt: payee.debt)
        }
    }

    /// What the payee's wallet gets, in its currency; `nil` when the wallet is gone or its balance would overflow.
    func credit(for link: LinkSnapshot) -> Money? {
        guard let wallet = state.wallets[link.walletId], let credited = link.amount.converted(to: wallet.currency)
        else { return nil }
        return wallet.balance.hasRoom(for: credited) ? credited : nil
    }

    private func posting(for request: ClaimRequest, on link: LinkSnapshot, credited: Money) -> Posting {
        guard case .wallet(let payer) = request.payer else {
            return .transfer(
                request.transactionId, .claim, from: request.method.clearing, link.amount.carried(by: request.method),
                to: .walletPending(link.walletId), credited)
        }
        let debited = link.amount.inCurrency(state.wallets[payer]?.currency ?? link.amount.currency)
        return .transfer(
            request.transactionId, .claim, from: .wallet(payer), debited, to: .wallet(link.walletId), credited)
    }

    private mutating func markClaimed(_ link: LinkSnapshot, by receipt: ClaimReceipt) {
        state.links[link.slug] = link.claimed(
            by: receipt.claimId, at: state.now, eventSequence: link.eventSequence(claimedBy: receipt))
        var tally = tally(of: link)
        tally.differingClaims = 0
        keep(tally, of: link)
    }

    func receipt(for request: ClaimRequest, on link: LinkSnapshot) -> ClaimReceipt {
        ClaimReceipt(
            claimId: request.claimId, transactionId: request.transactionId, slug: link.slug, method: request.method,
            amount: link.amount, createdAt: state.now, instructions: instructions(for: request, on: link))
    }

    private func instructions(for request: ClaimRequest, on link: LinkSnapshot) -> PaymentInstructions? {
        guard case .usdc(_, let chain) = request.payer, let payTo = policy.depositAddress(in: link.environment) else {
            return nil
        }
        return PaymentInstructions(
            chain: chain, payTo: payTo, amount: link.amount.inCurrency(.usdc), payBefore: payBefore(of: link))
    }

    /// A wallet's claim is settled in the same transaction, and the feed returns both events in this order.
    private mutating func tell(
        _ receipt: ClaimReceipt, of link: LinkSnapshot, using generator: inout some RandomNumberGenerator
    ) {
        let claim = LinkEventFacts.Claim(
            id: receipt.claimId, method: receipt.method, status: receipt.decidedStatus,
            transactionId: receipt.transactionId, claimedAt: state.now)
        for (type, sequence) in zip(receipt.eventTypes, (link.eventSequence + 1)...) {
            plan.events.append(
                LinkEventFacts(link).event(
                    type, id: eventIds.next(at: state.now, using: &generator), at: state.now, status: .claimed,
                    sequence: sequence, claim: claim))
        }
    }

    func settlement(
        for request: ClaimRequest, _ receipt: ClaimReceipt, on link: LinkSnapshot
    ) -> SettlementRequest? {
        switch request.payer {
        case .wallet: nil
        case .ach(let sealed), .usdc(let sealed, _):
            SettlementRequest(
                settlementId: request.claimId, transactionId: request.transactionId, environment: link.environment,
                method: request.method, amount: link.amount.carried(by: request.method), sealedDestination: sealed,
                payee: link.payee, createdAt: state.now, instructions: receipt.instructions)
        }
    }

    // MARK: - Records and answers

    /// A missing authority is supplied by the same request with a Bearer key, and a link that is not there yet by
    /// waiting, so neither uses up the idempotency key.
    mutating func refuse(_ request: ClaimRequest, link: LinkSnapshot?, _ refusal: Refusal) {
        let isFinal = refusal.code != .walletAuthorizationRequired && refusal.code != .linkNotReady
        record(request, link: link, .refused(refusal), bindsKey: isFinal)
    }

    /// Beyond the link's bound, a refusal is answered and not stored.
    mutating func record(
        _ request: ClaimRequest, link: LinkSnapshot?, _ outcome: ClaimOutcome, bindsKey: Bool
    ) {
        let isStored = outcome.isAccepted || countAnswer(to: request, on: link)
        remember(request, link: link, outcome)
        if isStored { plan.records.append(ClaimPlan.Record(request: request, link: link, outcome: outcome)) }
        if isStored, bindsKey, let key = request.idempotencyKey { bind(key, to: request) }
        answer(request, with: outcome, isReplayed: false)
    }

    private mutating func remember(_ request: ClaimRequest, link: LinkSnapshot?, _ outcome: ClaimOutcome) {
        let status: ClaimStatus =
            if case .accepted(let receipt) = outcome { receipt.decidedStatus } else { .refused }
        state.claims[request.claimId] = ClaimSnapshot(
            id: request.claimId, slug: request.slug, linkId: link?.id, method: request.method, status: status,
            outcome: outcome, digest: request.digest)
    }

    private mutating func bind(_ key: Digest, to request: ClaimRequest) {
        state.keys[key] = .init(requestDigest: request.digest, claimId: request.claimId)
        plan.keys.append(
            ClaimPlan.Key(reference: .init(key: key, request: request.digest), claimId: request.claimId))
    }

    private mutating func replay(_ request: ClaimRequest, from earlier: ClaimSnapshot) {
        if countAnswer(to: request, on: state.links[request.slug]) {
            plan.aliases.append(.init(claimId: request.claimId, answeredBy: earlier.id, slug: request.slug))
        }
        state.aliases[request.claimId] = earlier.id
        answer(request, with: earlier.outcome, isReplayed: true)
    }

    private mutating func answer(_ request: ClaimRequest, with outcome: ClaimOutcome, isReplayed: Bool) {
        plan.answers.append(
            .init(claimId: request.claimId, outcome: shown(outcome, to: request), isReplayed: isReplayed))
    }

    // MARK: - Tallies

    /// Counts an answer beside the winner's, and returns whether it is stored.
    private mutating func countAnswer(to request: ClaimRequest, on link: LinkSnapshot?) -> Bool {
        guard let link else {
            answersWithoutLink[request.slug, default: 0] += 1
            return answersWithoutLink[request.slug, default: 0] <= ClaimLimits.storedAnswersWithoutLink
        }
        var tally = tally(of: link)
        let limit = storedAnswers(for: request)
        let isStored = tally.storedAnswers < limit
        if isStored { tally.storedAnswers += 1 }
        if let winner = winner(of: link), winner.digest != request.digest {
            tally.differingClaims = min(tally.differingClaims + 1, ClaimLimits.differingClaims)
        }
        keep(tally, of: link)
        return isStored
    }

    func tally(of link: LinkSnapshot) -> LinkTally { tallies[link.slug] ?? link.tally }

    private mutating func keep(_ tally: LinkTally, of link: LinkSnapshot) {
        if tally != self.tally(of: link) { tallies[link.slug] = tally }
    }

    private mutating func planTallies() {
        for (slug, tally) in tallies {
            if let link = state.links[slug], tally != link.tally { plan.tallies[link.id] = tally }
        }
    }

    /// An outcome can be an earlier request's, whose key had another authority over the wallet. The balance is removed
    /// unless this request's own key may read it.
    private func shown(_ outcome: ClaimOutcome, to request: ClaimRequest) -> ClaimOutcome {
        guard case .refused(let refusal) = outcome, refusal.tellsBalance, !mayReadBalance(request) else {
            return outcome
        }
        return .refused(refusal.withoutBalance)
    }

    /// Whether the request's key may read the balance of the wallet that it pays from.
    private func mayReadBalance(_ request: ClaimRequest) -> Bool {
        guard case .wallet(let id) = request.payer, let wallet = state.wallets[id] else { return false }
        return request.authority?.showsBalance(of: wallet) ?? false
    }
}
