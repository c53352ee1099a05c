/// What a batch of creations is decided on.
package struct CreationBatchState: Sendable {
    /// An earlier creation that answers: one of a repeated delivery, or of a used key.
    package struct Earlier: Sendable {
        package let linkId: LinkID
        package let outcome: CreationOutcome

        package init(linkId: LinkID, outcome: CreationOutcome) {
            self.linkId = linkId
            self.outcome = outcome
        }
    }

    package struct UsedKey: Sendable {
        package let requestDigest: Digest
        package let linkId: LinkID

        package init(requestDigest: Digest, linkId: LinkID) {
            self.requestDigest = requestDigest
            self.linkId = linkId
        }
    }

    package let wallets: [WalletID: WalletSnapshot]
    /// By the id of the delivery that is repeated or that used a key.
    package var earlier: [LinkID: Earlier]
    package var keys: [Digest: UsedKey]
    package let now: Timestamp

    package init(
        wallets: [WalletID: WalletSnapshot], earlier: [LinkID: Earlier], keys: [Digest: UsedKey], now: Timestamp
    ) {
        self.wallets = wallets
        self.earlier = earlier
        self.keys = keys
        self.now = now
    }
}

/// Decides creations one after the other; pure, as `ClaimBatch` is.
package struct CreationBatch: Sendable {
    private var state: CreationBatchState
    private var plan: CreationPlan
    private var eventIds = EventIDs()

    /// Decides all creations in order.
    package static func decide(
        _ creations: [LinkCreation], on state: CreationBatchState, using generator: inout some RandomNumberGenerator
    ) -> CreationPlan {
        var batch = CreationBatch(state: state, plan: CreationPlan(decidedAt: state.now))
        for creation in creations { batch.decide(creation, using: &generator) }
        batch.plan.outbox = OutboxMessage.gather(events: batch.plan.events)
        return batch.plan
    }

    private mutating func decide(_ creation: LinkCreation, using generator: inout some RandomNumberGenerator) {
        if let earlier = state.earlier[creation.linkId] {
            return answer(creation, earlier.outcome, isReplayed: earlier.linkId != creation.linkId)
        }
        if let key = creation.idempotencyKey, let used = state.keys[key] {
            return decide(creation, onUsed: used)
        }
        // Its key stays free, as after any other request that is wrong in itself.
        if creation.cameTooLate { return refuse(creation, Refusal(LinkLimits.hasPassed)) }
        if let refusal = refusal(of: creation) {
            refuse(creation, refusal)
            return bindKey(of: creation)
        }
        create(creation, using: &generator)
        bindKey(of: creation)
    }

    private mutating func decide(_ creation: LinkCreation, onUsed used: CreationBatchState.UsedKey) {
        guard used.requestDigest == creation.digest, let earlier = state.earlier[used.linkId] else {
            return refuse(creation, .idempotencyKeyReuse)
        }
        plan.results.append(result(of: creation, from: earlier))
        state.earlier[creation.linkId] = earlier
        answer(creation, earlier.outcome, isReplayed: true)
    }

    /// A refusal is repeated in full, for there is no link to point to.
    private func result(
        of creation: LinkCreation, from earlier: CreationBatchState.Earlier
    ) -> CreationPlan.Result {
        switch earlier.outcome {
        case .created:
            .init(
                linkId: creation.linkId, organizationId: creation.organizationId, answeredBy: earlier.linkId,
                refusal: nil)
        case .refused(let refusal):
            .init(
                linkId: creation.linkId, organizationId: creation.organizationId, answeredBy: nil, refusal: refusal)
        }
    }

    private func refusal(of creation: LinkCreation) -> Refusal? {
        guard let wallet = state.wallets[creation.walletId], wallet.organizationId == creation.organizationId else {
            return .walletNotFoundForLink(creation.walletId)
        }
        guard wallet.environment == creation.environment else { return .keyEnvironmentMismatch }
        return creation.amount.converted(to: wallet.currency) == nil
            ? .amountNotRepresentable(inWalletOf: wallet.currency) : nil
    }

    private mutating func create(_ creation: LinkCreation, using generator: inout some RandomNumberGenerator) {
        plan.links.append(creation)
        plan.events.append(creation.createdEvent(id: eventIds.next(at: state.now, using: &generator), at: state.now))
        let outcome = CreationOutcome.created(CreatedLink(creation: creation, createdAt: state.now))
        remember(creation, outcome)
        answer(creation, outcome, isReplayed: false)
    }

    private mutating func refuse(_ creation: LinkCreation, _ refusal: Refusal) {
        plan.results.append(
            .init(
                linkId: creation.linkId, organizationId: creation.organizationId, answeredBy: nil, refusal: refusal))
        remember(creation, .refused(refusal))
        answer(creation, .refused(refusal), isReplayed: false)
    }

    private mutating func bindKey(of creation: LinkCreation) {
        guard let key = creation.idempotencyKey else { return }
        state.keys[key] = .init(requestDigest: creation.digest, linkId: creation.linkId)
        plan.keys.append(.init(reference: .init(key: key, request: creation.digest), linkId: creation.linkId))
    }

    private mutating func remember(_ creation: LinkCreation, _ outcome: CreationOutcome) {
        state.earlier[creation.linkId] = .init(linkId: creation.linkId, outcome: outcome)
    }

    private mutating func answer(_ creation: LinkCreation, _ outcome: CreationOutcome, isReplayed: Bool) {
        plan.answers.append(.init(linkId: creation.linkId, outcome: outcome, isReplayed: isReplayed))
    }
}

extension LinkCreation {
    func createdEvent(id: EventID, at now: Timestamp) -> DomainEvent {
        LinkEventFacts(
            linkId: linkId, organizationId: organizationId, environment: environment, slug: slug, walletId: walletId,
            amount: amount, metadataJSON: metadataJSON
        ).event(.linkCreated, id: id, at: now, status: .active, sequence: LinkSnapshot.firstEventSequence)
    }
}

extension Refusal {
    static func walletNotFoundForLink(_ id: WalletID) -> Refusal {
        Refusal(
            code: .walletNotFound, message: "There is no such wallet in your organization; check walletId.",
            details: ["walletId": id.description])
    }

    static func amountNotRepresentable(inWalletOf currency: Currency) -> Refusal {
        Refusal(
            code: .amountNotRepresentable,
            message: "The wallet keeps \(currency.rawValue), which has \(currency.scale) decimals; send an amount "
                + "with at most \(currency.scale) decimals, or use a wallet of another currency.")
    }

    static var keyEnvironmentMismatch: Refusal {
        Refusal(
            code: .environmentMismatch,
            message: "The wallet belongs to another environment than your key; use a key of the wallet's environment.",
            details: nil)
    }
}
