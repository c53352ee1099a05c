import PaymentLinks

/// A little system in memory: all rows that a database would hold, and what plans do to them.
///
/// It repeats none of the rules that decide; it only writes what a plan says, and hands a batch the same rows that the
/// claim store reads for it.
struct OneAtATimeModel {
    var links: [Slug: LinkSnapshot] = [:]
    var wallets: [WalletID: WalletSnapshot] = [:]
    var keys: [Digest: ClaimBatchState.UsedKey] = [:]
    var claims: [ClaimID: ClaimSnapshot] = [:]
    var aliases: [ClaimID: ClaimID] = [:]
    var settling: [ClaimID: SettlingClaim] = [:]
    /// Offers that are not displaced, oldest first.
    var offers: [ClaimID] = []
    var suspended: Set<SuspendedPayment.Key> = []
    var entries: [Entry] = []
    var claimedEvents: [LinkID: Int] = [:]
    /// The links that stay CLAIMED when settled money is returned.
    var keptAfterReturn: Set<LinkID> = []
    /// The sequences of each link's events, as they were told.
    var sequences: [LinkID: [Int64]] = [:]
    var now = Sample.now

    // MARK: - Reading

    func state(for requests: [ClaimRequest]) -> ClaimBatchState {
        let found = requests.compactMap { links[$0.slug] }
        let usedKeys = requests.compactMap { request in
            request.idempotencyKey.flatMap { key in keys[key].map { (key, $0) } }
        }
        let usedAliases = requests.compactMap { request in aliases[request.claimId].map { (request.claimId, $0) } }
        let answering =
            requests.map(\.claimId) + found.compactMap(\.winningClaimId) + usedKeys.map(\.1.claimId)
            + usedAliases.map(\.1)
        var state = ClaimBatchState(
            links: Dictionary(found.map { ($0.slug, $0) }) { $1 },
            wallets: wallets(of: requests, found),
            keys: Dictionary(usedKeys) { $1 },
            claims: Dictionary(answering.compactMap { id in claims[id].map { (id, $0) } }) { $1 },
            aliases: Dictionary(usedAliases) { $1 }, now: now)
        state.add(offers: offers.compactMap { claims[$0] }.filter { offer in found.contains { $0.id == offer.linkId } })
        return state
    }

    private func wallets(of requests: [ClaimRequest], _ found: [LinkSnapshot]) -> [WalletID: WalletSnapshot] {
        var ids = found.map(\.walletId)
        for case .wallet(let id) in requests.map(\.payer) { ids.append(id) }
        return Dictionary(ids.compactMap { id in wallets[id].map { (id, $0) } }) { $1 }
    }

    func state(for outcomes: [SettlementOutcome]) -> OutcomeBatchState {
        let found = outcomes.compactMap { settling[$0.settlementId] }
        let itsLinks = links.values.filter { link in found.contains { $0.linkId == link.id } }
        var state = OutcomeBatchState(
            claims: Dictionary(found.map { ($0.id, $0) }) { $1 },
            links: Dictionary(itsLinks.map { ($0.id, $0) }) { $1 },
            wallets: Dictionary(itsLinks.compactMap { link in wallets[link.walletId].map { ($0.id, $0) } }) { $1 },
            keptAfterReturn: keptAfterReturn, now: now)
        state.suspended = suspended
        return state
    }

    // MARK: - Writing

    mutating func apply(_ plan: ClaimPlan) {
        for record in plan.records { apply(record, at: plan.decidedAt) }
        for link in links.values {
            if let tally = plan.tallies[link.id] { links[link.slug] = link.with(tally) }
        }
        for key in plan.keys {
            keys[key.reference.key] = .init(requestDigest: key.reference.request, claimId: key.claimId)
        }
        for alias in plan.aliases { aliases[alias.claimId] = alias.answeredBy }
        offers += plan.offers.map(\.claimId)
        offers.removeAll { plan.displacedOffers.contains($0) }
        count(plan.events)
        apply(plan.postings)
    }

    private mutating func count(_ events: [DomainEvent]) {
        for event in events where event.type == .linkClaimed {
            if let id = event.linkId { claimedEvents[id, default: 0] += 1 }
        }
        note(events)
    }

    private mutating func apply(_ record: ClaimPlan.Record, at now: Timestamp) {
        let request = record.request
        let status = record.outcome.receipt?.decidedStatus ?? .refused
        claims[request.claimId] = ClaimSnapshot(
            id: request.claimId, slug: request.slug, linkId: record.link?.id, method: request.method, status: status,
            outcome: record.outcome, digest: request.digest)
        guard let receipt = record.outcome.receipt, let link = record.link else { return }
        let isOffer = status == .awaitingPayment
        let sequence = isOffer ? nil : link.eventSequence(claimedBy: receipt)
        if let sequence {
            links[link.slug] = link.with(.claimed, winner: request.claimId, at: now, eventSequence: sequence)
        }
        settling[request.claimId] = SettlingClaim(
            id: request.claimId, transactionId: request.transactionId, linkId: link.id, method: request.method,
            claimedAt: now, status: status, reference: nil, submittedAt: nil,
            settledAt: status == .settled ? now : nil, eventSequence: sequence, isOffer: isOffer,
            payBefore: receipt.instructions?.payBefore)
    }

    private mutating func note(_ events: [DomainEvent]) {
        for event in events {
            if let id = event.linkId { sequences[id, default: []].append(event.sequence ?? 0) }
        }
    }

    mutating func apply(_ plan: OutcomePlan) {
        for (id, claim) in plan.claims {
            settling[id] = claim
            guard let old = claims[id] else { continue }
            claims[id] = ClaimSnapshot(
                id: id, slug: old.slug, linkId: old.linkId, method: old.method, status: claim.status,
                outcome: old.outcome, digest: old.digest)
        }
        for link in links.values {
            guard let status = plan.reopenedLinks[link.id] else { continue }
            links[link.slug] = link.with(
                status, winner: nil, at: plan.decidedAt, eventSequence: plan.eventSequences[link.id] ?? 0)
        }
        for link in links.values where plan.reopenedLinks[link.id] == nil && plan.takenLinks[link.id] == nil {
            guard let sequence = plan.eventSequences[link.id] else { continue }
            links[link.slug] = link.with(link.status, winner: nil, at: plan.decidedAt, eventSequence: sequence)
        }
        for link in links.values {
            guard let winner = plan.takenLinks[link.id] else { continue }
            links[link.slug] = link.with(
                .claimed, winner: winner, at: plan.decidedAt, eventSequence: plan.eventSequences[link.id] ?? 0)
        }
        offers.removeAll { plan.endedOffers.contains($0) }
        suspended.formUnion(plan.suspended.map(\.key))
        count(plan.events)
        apply(plan.postings)
    }

    private mutating func apply(_ postings: [Posting]) {
        for entry in postings.flatMap(\.entries) {
            entries.append(entry)
            let units = entry.amount.minorUnits
            switch entry.account {
            case .wallet(let id): wallets[id]?.balance.available += units
            case .walletPending(let id): wallets[id]?.balance.pending += units
            case .walletDebt(let id): wallets[id]?.balance.debt -= units
            case .achClearing, .usdcClearing, .conversion, .sandboxFunding, .suspense: break
            }
        }
    }

    // MARK: - Invariants

    /// What is wrong with the model; empty when all is well.
    var breaches: [String] {
        var breaches: [String] = []
        for wallet in wallets.values
        where min(wallet.balance.available, wallet.balance.pending, wallet.balance.debt) < 0 {
            breaches.append("\(wallet.id) has a negative balance: \(wallet.balance)")
        }
        for wallet in wallets.values where wallet.balance.debt > 0 && wallet.balance.available > 0 {
            breaches.append("\(wallet.id) can spend money beside a debt: \(wallet.balance)")
        }
        for currency in Currency.allCases {
            let sum = entries.reduce(0) { $1.amount.currency == currency ? $0 + $1.amount.minorUnits : $0 }
            if sum != 0 { breaches.append("the entries of \(currency) sum to \(sum)") }
        }
        return breaches + links.values.flatMap(breaches(of:))
    }

    private func breaches(of link: LinkSnapshot) -> [String] {
        let accepted = claims.values.filter { claim in
            claim.linkId == link.id && claim.status != .refused && settling[claim.id]?.isOffer == false
        }
        let winners = accepted.filter { $0.status != .failed || isKept($0, by: link) }.map(\.id)
        var breaches: [String] = []
        if winners != [link.winningClaimId].compactMap({ $0 }) {
            breaches.append("\(link.id) names \(String(describing: link.winningClaimId)), its winners are \(winners)")
        }
        if (link.status == .claimed) != (winners.count == 1) {
            breaches.append("\(link.id) is \(link.status) with \(winners)")
        }
        if claimedEvents[link.id, default: 0] != accepted.count {
            breaches.append("\(link.id) told \(claimedEvents[link.id, default: 0]) of \(accepted.count) claims")
        }
        let told = sequences[link.id, default: []]
        if told != Array((2...).prefix(told.count)) { breaches.append("\(link.id) numbered its events \(told)") }
        return breaches
    }

    /// Whether the claim's settled money was returned, and its link is one that is then kept.
    private func isKept(_ claim: ClaimSnapshot, by link: LinkSnapshot) -> Bool {
        keptAfterReturn.contains(link.id) && settling[claim.id]?.settledAt != nil && claim.method != .wallet
    }
}

extension LinkSnapshot {
    func with(_ status: LinkStatus, winner: ClaimID?, at now: Timestamp, eventSequence: Int64) -> LinkSnapshot {
        LinkSnapshot(
            id: id, organizationId: organizationId, environment: environment, walletId: walletId, slug: slug,
            amount: amount, status: status, restrictions: restrictions, expiresAt: expiresAt, winningClaimId: winner,
            claimedAt: winner.map { _ in now }, metadataJSON: metadataJSON, payee: payee,
            eventSequence: eventSequence, tally: tally,
            updatedAt: now)
    }

    func with(_ tally: LinkTally) -> LinkSnapshot {
        LinkSnapshot(
            id: id, organizationId: organizationId, environment: environment, walletId: walletId, slug: slug,
            amount: amount, status: status, restrictions: restrictions, expiresAt: expiresAt,
            winningClaimId: winningClaimId, claimedAt: claimedAt, metadataJSON: metadataJSON, payee: payee,
            eventSequence: eventSequence, tally: tally, updatedAt: updatedAt)
    }
}
