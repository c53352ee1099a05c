/// Offers: `usdc` claims, which take their link only when the rail sees their payment.
extension ClaimBatch {
    /// The link's open offer, if this is the same payer asking again without a key.
    func openOfferEqual(to request: ClaimRequest, on link: LinkSnapshot) -> ClaimSnapshot? {
        guard request.method == .usdc, request.idempotencyKey == nil, link.status(at: state.now) == .active else {
            return nil
        }
        let equal = openOffers(of: link).last { $0.digest == request.digest }
        return equal.flatMap { state.claims[$0.claimId] }
    }

    /// Makes an offer. No money moves, and the link stays open.
    mutating func offer(_ request: ClaimRequest, on link: LinkSnapshot) {
        guard credit(for: link) != nil else { return refuse(request, link: link, .payeeCannotReceive) }
        let receipt = receipt(for: request, on: link)
        record(request, link: link, .accepted(receipt), bindsKey: true)
        if let offer = state.claims[request.claimId]?.offer { open(offer, on: link) }
        if let settlement = settlement(for: request, receipt, on: link) { plan.settlements.append(settlement) }
    }

    /// When an offer of the link ends: after its lifetime, and never later than the link.
    func payBefore(of link: LinkSnapshot) -> Timestamp {
        let end = state.now.advanced(by: policy.offerLifetime)
        return link.expiresAt.map { min($0, end) } ?? end
    }

    private func openOffers(of link: LinkSnapshot) -> [Offer] {
        (state.offers[link.id] ?? []).filter { $0.isOpen(at: state.now) }
    }

    private mutating func open(_ offer: Offer, on link: LinkSnapshot) {
        let offers = openOffers(of: link) + [offer]
        let displaced = offers.dropLast(Offer.mostOpen)
        plan.offers.append(offer)
        plan.displacedOffers += displaced.map(\.claimId)
        state.offers[link.id] = Array(offers.suffix(Offer.mostOpen))
    }
}
