import PaymentLinks

/// Random links, wallets, claims and outcomes, few enough that they get in each other's way all the time.
struct RandomWorld {
    private static let walletIds = (1...4).map { WalletID(bits: UInt128($0)) }
    private static let emails = [Sample.email("a@example.com"), Sample.email("b@example.com")]

    var generator: SeededGenerator
    private(set) var sent: [ClaimRequest] = []

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func model() -> OneAtATimeModel {
        var model = OneAtATimeModel()
        for id in Self.walletIds { model.wallets[id] = wallet(id) }
        for number in 1...6 { model.links[Sample.slug(number)] = link(number) }
        for link in model.links.values.sorted(by: { $0.id < $1.id }) where chance(40) {
            model.keptAfterReturn.insert(link.id)
        }
        for wallet in model.wallets.values {
            let funds = Money(minorUnits: wallet.balance.available, currency: wallet.currency)
            let debt = Money(minorUnits: wallet.balance.debt, currency: wallet.currency)
            model.entries += [
                Entry(.sandboxFunding, -funds), Entry(.wallet(wallet.id), funds), Entry(.sandboxFunding, debt),
                Entry(.walletDebt(wallet.id), -debt),
            ]
        }
        return model
    }

    private mutating func wallet(_ id: WalletID) -> WalletSnapshot {
        let currency: Currency = chance(50) ? .usd : .usdc
        let cents = Int64.random(in: 0...800, using: &generator)
        let units = currency == .usd ? cents : cents * 10_000
        let owes = chance(25)
        var wallet = Sample.wallet(
            id, currency: currency, available: owes ? 0 : units, isFrozen: chance(8),
            allowsPublicClaims: chance(40), environment: chance(3) ? .production : .sandbox)
        if owes { wallet.balance.debt = units / 4 }
        return wallet
    }

    private mutating func link(_ number: Int) -> LinkSnapshot {
        let cents = Int64.random(in: 1...200, using: &generator)
        let amount = chance(50) ? Sample.usd(cents) : Sample.usdc(cents * 10_000 + (chance(20) ? 1 : 0))
        let status: LinkStatus = chance(93) ? .active : chance(50) ? .cancelled : .expired
        return Sample.link(
            number, amount: amount, status: status, to: pick(Self.walletIds),
            restrictions: chance(15) ? restrictions() : nil,
            expiresAt: chance(30) ? Sample.now.advanced(by: .seconds(Int.random(in: 0...4, using: &generator))) : nil)
    }

    private mutating func restrictions() -> RecipientRestrictions {
        RecipientRestrictions(
            emails: chance(60) ? [pick(Self.emails)] : [], walletIds: chance(40) ? [pick(Self.walletIds)] : [])
    }

    /// New claims, claims that equal earlier ones, and redeliveries.
    mutating func claims() -> [ClaimRequest] {
        (0..<Int.random(in: 1...8, using: &generator)).map { _ in
            if let earlier = sent.randomElement(using: &generator), chance(25) { return earlier }
            let claim = chance(25) ? repetition() : newClaim(digest: sent.count)
            sent.append(claim)
            return claim
        }
    }

    private mutating func newClaim(digest: Int) -> ClaimRequest {
        Sample.claim(
            sent.count, on: Int.random(in: 1...7, using: &generator), by: payer(),
            email: chance(40) ? pick(Self.emails) : nil, authority: chance(70) ? authority() : nil, digest: digest,
            key: chance(40) ? Int.random(in: 1...4, using: &generator) : nil)
    }

    /// The same request as an earlier one under an id of its own, with its key or another or none.
    private mutating func repetition() -> ClaimRequest {
        guard let earlier = sent.randomElement(using: &generator) else { return newClaim(digest: 0) }
        let number = sent.count
        return ClaimRequest(
            claimId: ClaimID(bits: UInt128(1000 + number)), transactionId: TransactionID(bits: UInt128(2000 + number)),
            slug: earlier.slug, payer: earlier.payer, recipientEmail: earlier.recipientEmail,
            authority: earlier.authority, digest: earlier.digest,
            idempotencyKey: chance(60) ? earlier.idempotencyKey : nil)
    }

    private mutating func payer() -> ClaimRequest.Payer {
        chance(50)
            ? .wallet(WalletID(bits: UInt128(Int.random(in: 1...5, using: &generator))))
            : chance(50) ? Sample.ach : Sample.usdc
    }

    private mutating func authority() -> ClaimRequest.WalletAuthority {
        Sample.authority(
            of: chance(85) ? Sample.organization : Sample.stranger, chance(90) ? .sandbox : .production,
            scope: chance(20) ? Set([pick(Self.walletIds), pick(Self.walletIds)]) : nil)
    }

    /// Outcomes of claims at the rails, twice, out of order, and of claims that nobody made.
    mutating func outcomes(for model: OneAtATimeModel) -> [SettlementOutcome] {
        let known = model.settling.keys.sorted() + [ClaimID(bits: 1)]
        return (0..<Int.random(in: 0...5, using: &generator)).map { number in
            SettlingScene.outcome(
                pick(SettlementOutcome.Kind.allCases), of: pick(known), reference: chance(50) ? "trace-\(number)" : nil)
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &generator)]
    }
}
