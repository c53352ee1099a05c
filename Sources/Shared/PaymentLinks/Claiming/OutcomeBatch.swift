/// What a batch of rails' outcomes is decided on: the rows that it has read and locked.
package struct OutcomeBatchState: Sendable {
    package var claims: [ClaimID: SettlingClaim]
    package var links: [LinkID: LinkSnapshot]
    package var wallets: [WalletID: WalletSnapshot]
    /// The links that stay CLAIMED when their settled money is returned, as their organization has chosen.
    package let keptAfterReturn: Set<LinkID>
    /// The payments of these claims that are in suspense already.
    package var suspended: Set<SuspendedPayment.Key> = []
    package let now: Timestamp

    package init(
        claims: [ClaimID: SettlingClaim], links: [LinkID: LinkSnapshot], wallets: [WalletID: WalletSnapshot],
        keptAfterReturn: Set<LinkID> = [], now: Timestamp
    ) {
        self.claims = claims
        self.links = links
        self.wallets = wallets
        self.keptAfterReturn = keptAfterReturn
        self.now = now
    }
}

/// Decides rails' outcomes one after the other: what settles, what fails, what is clawed back, what changes nothing.
///
/// Outcomes come more than once and out of order; the claim's status decides, so the ledger moves once.
package struct OutcomeBatch: Sendable {
    var state: OutcomeBatchState
    var plan: OutcomePlan
    /// The debts that the outcome being decided has changed; their events follow its own.
    private var debtEvents: [DomainEvent] = []
    private var eventIds = EventIDs()

    init(state: OutcomeBatchState) {
        self.state = state
        plan = OutcomePlan(decidedAt: state.now)
    }

    /// Decides all outcomes in order.
    package static func decide(
        _ outcomes: [SettlementOutcome], on state: OutcomeBatchState, using generator: inout some RandomNumberGenerator
    ) -> OutcomePlan {
        var batch = OutcomeBatch(state: state)
        for outcome in outcomes { batch.decide(outcome, using: &generator) }
        batch.plan.outbox = OutboxMessage.gather(events: batch.plan.events)
        return batch.plan
    }

    /// A claim with the link and the wallet that its money goes to.
    struct Subject {
        var claim: SettlingClaim
        let link: LinkSnapshot
        let wallet: WalletSnapshot
        let credited: Money

        /// The sequence of the claim's next event. The claim's locked row counts while it holds the link.
        var nextEventSequence: Int64 { max(claim.eventSequence ?? 0, link.eventSequence) + 1 }

        var clearing: (account: Account, amount: Money) {
            (claim.method.clearing, link.amount.carried(by: claim.method))
        }
    }

    private mutating func decide(_ outcome: SettlementOutcome, using generator: inout some RandomNumberGenerator) {
        guard let subject = subject(of: outcome.settlementId),
            outcome.provenRail ?? subject.claim.method == subject.claim.method
        else { return plan.unknown.append(outcome) }
        switch step(of: subject, outcome) {
        case .ignore: ignore(outcome, of: subject)
        case .recordSubmission: recordSubmission(subject, outcome)
        case .take: take(subject, outcome, using: &generator)
        case .takeAndSettle:
            let taken = take(subject, outcome, using: &generator)
            settle(taken, outcome, using: &generator)
            suspendSurplus(of: subject, outcome, using: &generator)
        case .settle:
            settle(subject, outcome, using: &generator)
            suspendSurplus(of: subject, outcome, using: &generator)
        case .fail: fail(subject, outcome.failure, reference: outcome.reference, using: &generator)
        case .reverse:
            if isSuspended(outcome) { plan.contradicted.append(outcome) }
            reverse(subject, outcome, using: &generator)
        case .withdraw: withdraw(subject, outcome)
        case .suspend: suspend(subject, outcome, using: &generator)
        }
        plan.events += debtEvents
        debtEvents.removeAll(keepingCapacity: true)
    }

    private mutating func ignore(_ outcome: SettlementOutcome, of subject: Subject) {
        plan.ignoredCount += 1
        let isLate = subject.claim.status == .failed && subject.claim.settledAt == nil && subject.claim.method == .ach
        let hasLeft = outcome.kind.mayReopenLink && subject.claim.isOver && isSuspended(outcome)
        if isLate && outcome.kind == .settled || hasLeft { plan.contradicted.append(outcome) }
    }

    func subject(of id: ClaimID) -> Subject? {
        guard let claim = state.claims[id], claim.method != .wallet,
            let link = state.links[claim.linkId], let wallet = state.wallets[link.walletId],
            let credited = link.amount.converted(to: wallet.currency)
        else { return nil }
        return Subject(claim: claim, link: link, wallet: wallet, credited: credited)
    }

    private mutating func recordSubmission(_ subject: Subject, _ outcome: SettlementOutcome) {
        var claim = subject.claim
        claim.submittedAt = claim.submittedAt ?? state.now
        claim.reference = outcome.reference ?? claim.reference
        change(claim)
    }

    private mutating func settle(
        _ subject: Subject, _ outcome: SettlementOutcome, using generator: inout some RandomNumberGenerator
    ) {
        var claim = subject.claim
        claim.status = .settled
        claim.settledAt = state.now
        claim.reference = outcome.reference ?? claim.reference
        claim.eventSequence = subject.nextEventSequence
        change(claim)
        plan.transactions[claim.transactionId] = .posted
        let walletId = subject.wallet.id
        post(
            .transfer(
                claim.transactionId, .settle, from: .walletPending(walletId), subject.credited,
                to: .wallet(walletId), subject.credited),
            using: &generator)
        tell(
            .linkSettled, subject.nextEventSequence, of: claim, link: subject.link, status: subject.link.status,
            using: &generator)
    }

    mutating func fail(
        _ subject: Subject, as status: ClaimStatus = .failed, _ failure: SettlementFailure, reference: String? = nil,
        using generator: inout some RandomNumberGenerator
    ) {
        let (clearing, amount) = subject.clearing
        post(
            .transfer(
                subject.claim.transactionId, .fail, from: .walletPending(subject.wallet.id), subject.credited,
                to: clearing, amount),
            using: &generator)
        plan.transactions[subject.claim.transactionId] = .failed
        giveUp(subject, as: status, failure, reference: reference, using: &generator)
    }

    /// Claws settled money back: first what is available, the rest into a debt that is recorded and shown.
    private mutating func reverse(
        _ subject: Subject, _ outcome: SettlementOutcome, using generator: inout some RandomNumberGenerator
    ) {
        post(clawback(subject), using: &generator)
        plan.transactions[subject.claim.transactionId] = .reversed
        giveUp(subject, as: .failed, outcome.failure, reference: outcome.reference, using: &generator)
    }

    private func clawback(_ subject: Subject) -> Posting {
        let (clearing, amount) = subject.clearing
        let owed = subject.credited
        let covered = Money(
            minorUnits: min(owed.minorUnits, subject.wallet.balance.available), currency: owed.currency)
        let debt = Money(minorUnits: owed.minorUnits - covered.minorUnits, currency: owed.currency)
        var entries = [
            Entry(.wallet(subject.wallet.id), -covered), Entry(.walletDebt(subject.wallet.id), -debt),
        ].filter { $0.amount.minorUnits != 0 }
        if owed.currency != amount.currency {
            entries += [Entry(.conversion, owed), Entry(.conversion, -amount)]
        }
        entries.append(Entry(clearing, amount))
        return Posting(subject.claim.transactionId, .reverse, entries)
    }

    private mutating func giveUp(
        _ subject: Subject, as status: ClaimStatus, _ failure: SettlementFailure, reference: String?,
        using generator: inout some RandomNumberGenerator
    ) {
        var claim = subject.claim
        claim.status = status
        claim.failedAt = state.now
        claim.failure = failure
        claim.reference = reference ?? claim.reference
        let sequence = subject.nextEventSequence
        claim.eventSequence = sequence
        change(claim)
        let status = reopen(subject, eventSequence: sequence)
        tell(.linkClaimFailed, sequence, of: claim, link: subject.link, status: status, using: &generator)
        if status == .expired {
            tell(.linkExpired, sequence + 1, of: nil, link: subject.link, status: status, using: &generator)
        }
    }

    /// Reopens the link: ACTIVE again, or EXPIRED if its time has passed.
    ///
    /// After settled money was returned, the link stays CLAIMED unless its organization reopens such links.
    ///
    /// - Parameter eventSequence: that of the claim's last event.
    private mutating func reopen(_ subject: Subject, eventSequence: Int64) -> LinkStatus {
        let link = subject.link
        let isKept = subject.claim.status == .settled && state.keptAfterReturn.contains(link.id)
        guard !isKept, link.winningClaimId == subject.claim.id,
            let status = link.status.applying(link.isOverdue(at: state.now) ? .reopenExpired : .reopen)
        else { return link.status }
        let sequence = status == .expired ? eventSequence + 1 : eventSequence
        // The row of a link that this batch has taken stays as it was, but for the events that it has had since.
        if plan.takenLinks.removeValue(forKey: link.id) == nil { plan.reopenedLinks[link.id] = status }
        plan.eventSequences[link.id] = sequence
        state.links[link.id] = link.reopened(as: status, eventSequence: sequence)
        return status
    }

    mutating func change(_ claim: SettlingClaim) {
        state.claims[claim.id] = claim
        plan.claims[claim.id] = claim
    }

    mutating func post(_ posting: Posting, using generator: inout some RandomNumberGenerator) {
        let posting = posting.payingDebts(of: state.wallets)
        debtEvents += posting.debtEvents(on: state.wallets, at: state.now, using: &generator)
        plan.postings.append(posting)
        posting.apply(to: &state.wallets)
    }

    mutating func tell(
        _ type: EventType, _ sequence: Int64, of claim: SettlingClaim?, link: LinkSnapshot, status: LinkStatus,
        using generator: inout some RandomNumberGenerator
    ) {
        let facts = claim.map {
            LinkEventFacts.Claim(
                id: $0.id, method: $0.method, status: $0.status, transactionId: $0.transactionId,
                claimedAt: $0.claimedAt, failure: $0.failure)
        }
        plan.events.append(
            LinkEventFacts(link).event(
                type, id: eventIds.next(at: state.now, using: &generator), at: state.now, status: status,
                sequence: sequence, claim: facts))
    }
}

extension LinkSnapshot {
    func reopened(as status: LinkStatus, eventSequence: Int64) -> LinkSnapshot {
        LinkSnapshot(
            id: id, organizationId: organizationId, environment: environment, walletId: walletId, slug: slug,
            amount: amount, status: status, restrictions: restrictions, expiresAt: expiresAt, winningClaimId: nil,
            claimedAt: nil, metadataJSON: metadataJSON, payee: payee, eventSequence: eventSequence, tally: tally,
            updatedAt: updatedAt)
    }
}
