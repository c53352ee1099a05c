/// Offers and suspense: what the first payment takes, and where every other payment goes.
extension OutcomeBatch {
    /// The step that an outcome takes on this claim, after the rules that its status alone does not tell.
    func step(of subject: Subject, _ outcome: SettlementOutcome) -> ClaimStep {
        let step = subject.claim.status.applying(outcome.kind)
        guard subject.claim.method == .usdc else {
            return step == .suspend && isSuspended(outcome) ? .ignore : step
        }
        switch outcome.kind {
        case .submitted: return submittedStep(of: subject, outcome, step)
        case .settled: return settledStep(of: subject, outcome, step)
        case .failed, .returned:
            let claim = subject.claim
            return (claim.isOffer ? isSuspended(outcome) : isAboutAnother(outcome, claim)) ? .ignore : step
        }
    }

    /// The first sufficient payment in time takes the link. What a rail sees beside it waits until it is final.
    private func submittedStep(of subject: Subject, _ outcome: SettlementOutcome, _ step: ClaimStep) -> ClaimStep {
        // A payment that is in suspense is booked already: it takes no link afterwards.
        let counts =
            step == .take
            ? !isSuspended(outcome) && canTake(subject, outcome) : !isAboutAnother(outcome, subject.claim)
        return counts ? step : .ignore
    }

    /// Final money is never ignored: it settles the claim, or goes to suspense once.
    private func settledStep(of subject: Subject, _ outcome: SettlementOutcome, _ step: ClaimStep) -> ClaimStep {
        let claim = subject.claim
        if isSuspended(outcome) || isRepeated(outcome, claim) { return .ignore }
        let settles = step == .settle && isSufficient(outcome, subject)
        let takes = step == .takeAndSettle && canTake(subject, outcome)
        return settles || takes ? step : .suspend
    }

    func isSuspended(_ outcome: SettlementOutcome) -> Bool {
        state.suspended.contains(.init(claimId: outcome.settlementId, reference: outcome.reference))
    }

    /// Whether the claim has been settled by this payment already.
    private func isRepeated(_ outcome: SettlementOutcome, _ claim: SettlingClaim) -> Bool {
        claim.settledAt != nil && !isAboutAnother(outcome, claim)
    }

    /// Whether the rail names another payment than the one that the claim took.
    private func isAboutAnother(_ outcome: SettlementOutcome, _ claim: SettlingClaim) -> Bool {
        guard let reference = outcome.reference, let taken = claim.reference else { return false }
        return reference != taken
    }

    /// Whether the payment that the claim took its link for turns out to be less than the claim asks for.
    private func fallsShort(_ outcome: SettlementOutcome, of subject: Subject) -> Bool {
        subject.claim.method == .usdc && subject.claim.status == .pending && !isAboutAnother(outcome, subject.claim)
            && !isSufficient(outcome, subject)
    }

    private func isSufficient(_ outcome: SettlementOutcome, _ subject: Subject) -> Bool {
        outcome.baseUnits.map { $0 >= subject.clearing.amount.minorUnits } ?? true
    }

    /// Whether the payment is enough, in time, and the first for its link.
    private func canTake(_ subject: Subject, _ outcome: SettlementOutcome) -> Bool {
        isSufficient(outcome, subject) && isInTime(subject)
            && subject.link.status(at: state.now).applying(.claim) != nil
            && subject.wallet.balance.hasRoom(for: subject.credited)
    }

    private func isInTime(_ subject: Subject) -> Bool {
        subject.claim.status != .expired && (subject.claim.payBefore.map { state.now < $0 } ?? true)
            && subject.link.status(at: state.now) != .expired
    }

    // MARK: - Effects

    /// Claims the link for the offer whose payment is seen first.
    @discardableResult
    mutating func take(
        _ subject: Subject, _ outcome: SettlementOutcome, using generator: inout some RandomNumberGenerator
    ) -> Subject {
        let (clearing, amount) = subject.clearing
        var claim = subject.claim
        claim.status = .pending
        claim.isOffer = false
        claim.claimedAt = state.now
        claim.submittedAt = state.now
        claim.failure = nil
        claim.reference = outcome.reference
        let sequence = subject.nextEventSequence
        claim.eventSequence = sequence
        change(claim)
        post(
            .transfer(
                claim.transactionId, .claim, from: clearing, amount, to: .walletPending(subject.wallet.id),
                subject.credited),
            using: &generator)
        let link = takeLink(of: claim, subject.link, eventSequence: sequence)
        tell(.linkClaimed, sequence, of: claim, link: link, status: .claimed, using: &generator)
        return self.subject(of: claim.id) ?? subject
    }

    private mutating func takeLink(
        of claim: SettlingClaim, _ link: LinkSnapshot, eventSequence: Int64
    ) -> LinkSnapshot {
        plan.takenOffers.append(TakenOffer(claimId: claim.id, transactionId: claim.transactionId, link: link))
        plan.takenLinks[link.id] = claim.id
        plan.eventSequences[link.id] = eventSequence
        plan.endedOffers.append(claim.id)
        let taken = link.claimed(by: claim.id, at: state.now, eventSequence: eventSequence)
        state.links[link.id] = taken
        return taken
    }

    /// Ends an offer that the rail does not accept a payment for.
    mutating func withdraw(_ subject: Subject, _ outcome: SettlementOutcome) {
        end(subject, as: .failed, outcome.failure)
    }

    /// Ends an offer. It never held its link, so the link and the ledger stay as they are, and no event is sent.
    mutating func end(_ subject: Subject, as status: ClaimStatus, _ failure: SettlementFailure) {
        var claim = subject.claim
        claim.status = status
        claim.failedAt = state.now
        claim.failure = failure
        change(claim)
        plan.endedOffers.append(claim.id)
    }

    /// Keeps a payment that the claim cannot take.
    mutating func suspend(
        _ subject: Subject, _ outcome: SettlementOutcome, using generator: inout some RandomNumberGenerator
    ) {
        let asked = subject.clearing.amount
        let arrived = Money(minorUnits: outcome.baseUnits ?? asked.minorUnits, currency: asked.currency)
        let label = label(of: subject, outcome)
        if fallsShort(outcome, of: subject) {
            fail(subject, SuspendedPayment.Label.underpaid.failure, reference: outcome.reference, using: &generator)
        }
        suspend(arrived, as: label, of: subject, outcome, using: &generator)
        guard subject.claim.isOffer, subject.claim.failure == nil else { return }
        var claim = subject.claim
        claim.failure = label.failure
        change(claim)
    }

    private func label(of subject: Subject, _ outcome: SettlementOutcome) -> SuspendedPayment.Label {
        if !isInTime(subject) { return .late }
        return isSufficient(outcome, subject) ? .unmatched : .underpaid
    }

    /// Keeps the part of a payment above what its claim asks for.
    mutating func suspendSurplus(
        of subject: Subject, _ outcome: SettlementOutcome, using generator: inout some RandomNumberGenerator
    ) {
        let asked = subject.clearing.amount
        guard subject.claim.method == .usdc, let arrived = outcome.baseUnits, arrived > asked.minorUnits else { return }
        let surplus = Money(minorUnits: arrived - asked.minorUnits, currency: asked.currency)
        suspend(surplus, as: .overpaid, of: subject, outcome, using: &generator)
    }

    private mutating func suspend(
        _ amount: Money, as label: SuspendedPayment.Label, of subject: Subject, _ outcome: SettlementOutcome,
        using generator: inout some RandomNumberGenerator
    ) {
        let link = subject.link
        let payment = SuspendedPayment(
            key: .init(claimId: subject.claim.id, reference: outcome.reference),
            transactionId: .mint(at: state.now, using: &generator), linkId: link.id,
            organizationId: link.organizationId, environment: link.environment, label: label, amount: amount,
            clearing: subject.clearing.account)
        state.suspended.insert(payment.key)
        plan.suspended.append(payment)
        post(payment.posting, using: &generator)
    }
}
