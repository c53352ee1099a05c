import PaymentLinks

/// Links, wallets and claims that differ from the plainest ones only where a test says so.
enum Sample {
    static let now = Timestamp(microseconds: 1_775_000_000_000_000)
    static let later = now.advanced(by: .seconds(60))
    static let organization = OrganizationID(bits: 1)
    static let stranger = OrganizationID(bits: 2)
    static let payee = WalletID(bits: 10)
    static let payer = WalletID(bits: 11)
    static let policy = RailPolicy(
        depositAddresses: [.sandbox: Chain.polygon.usdcToken, .production: Chain.base.usdcToken],
        achLimit: usd(100_000_000),
        rails: ConnectedRails(production: [.ach, .usdc]))
    static let payerKey = authority()

    static func usd(_ cents: Int64) -> Money { Money(minorUnits: cents, currency: .usd) }
    static func usdc(_ millionths: Int64) -> Money { Money(minorUnits: millionths, currency: .usdc) }

    static func slug(_ number: Int) -> Slug {
        var generator = SeededGenerator(seed: UInt64(number))
        return Slug.mint(using: &generator)
    }

    static func digest(_ number: Int) -> Digest {
        let bytes = (0..<32).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> ($0 * 8)) : 7 }
        guard let digest = Digest(bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }

    static func email(_ text: String) -> EmailAddress {
        do { return try EmailAddress(text) } catch { preconditionFailure("\(text): \(error)") }
    }

    static func link(
        _ number: Int = 1, amount: Money = usd(15_000), status: LinkStatus = .active, to walletId: WalletID = payee,
        restrictions: RecipientRestrictions? = nil, expiresAt: Timestamp? = nil, winner: ClaimID? = nil,
        environment: Environment = .sandbox, eventSequence: Int64 = 1, tally: LinkTally = LinkTally(),
        claimedAt: Timestamp? = nil, updatedAt: Timestamp? = nil
    ) -> LinkSnapshot {
        LinkSnapshot(
            id: LinkID(bits: UInt128(number)), organizationId: organization, environment: environment,
            walletId: walletId, slug: slug(number), amount: amount, status: status, restrictions: restrictions,
            expiresAt: expiresAt, winningClaimId: winner, claimedAt: winner.map { _ in claimedAt ?? now },
            metadataJSON: #"{"order":"A-1"}"#, payee: "Test Payee", eventSequence: eventSequence,
            tally: tally, updatedAt: updatedAt)
    }

    static func wallet(
        _ id: WalletID, currency: Currency = .usd, available: Int64 = 0, pending: Int64 = 0, isFrozen: Bool = false,
        allowsPublicClaims: Bool = false, environment: Environment = .sandbox
    ) -> WalletSnapshot {
        WalletSnapshot(
            id: id, organizationId: organization, environment: environment, currency: currency, isFrozen: isFrozen,
            allowsPublicClaims: allowsPublicClaims, balance: WalletBalance(available: available, pending: pending))
    }

    static func authority(
        of organization: OrganizationID = organization, _ environment: Environment = .sandbox,
        scope: Set<WalletID>? = nil, readsBalances: Bool = true
    ) -> ClaimRequest.WalletAuthority {
        .init(
            organizationId: organization, environment: environment, walletScope: scope, readsBalances: readsBalances)
    }

    static func claim(
        _ number: Int = 1, on link: Int = 1, by payer: ClaimRequest.Payer = .wallet(payer), email: EmailAddress? = nil,
        authority: ClaimRequest.WalletAuthority? = payerKey, digest: Int? = nil, key: Int? = nil
    ) -> ClaimRequest {
        ClaimRequest(
            claimId: ClaimID(bits: UInt128(1000 + number)), transactionId: TransactionID(bits: UInt128(2000 + number)),
            slug: slug(link), payer: payer, recipientEmail: email, authority: authority,
            digest: Self.digest(digest ?? number), idempotencyKey: key.map { Self.digest(-1 - $0) })
    }

    static let ach = ClaimRequest.Payer.ach(sealedDestination: [1, 2, 3])
    static let usdc = ClaimRequest.Payer.usdc(sealedDestination: [4, 5, 6], chain: .base)

    /// The state that holds these rows.
    static func state(
        _ links: [LinkSnapshot], _ wallets: [WalletSnapshot], claims: [ClaimSnapshot] = [], now: Timestamp = now
    ) -> ClaimBatchState {
        ClaimBatchState(
            links: Dictionary(uniqueKeysWithValues: links.map { ($0.slug, $0) }),
            wallets: Dictionary(uniqueKeysWithValues: wallets.map { ($0.id, $0) }),
            claims: Dictionary(uniqueKeysWithValues: claims.map { ($0.id, $0) }), now: now)
    }

    static func decide(
        _ requests: [ClaimRequest], on state: ClaimBatchState, policy: RailPolicy = policy
    ) -> ClaimPlan {
        var generator = SeededGenerator(seed: 1)
        return ClaimBatch.decide(requests, on: state, policy: policy, using: &generator)
    }
}

extension ClaimOutcome {
    var refusal: Refusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var receipt: ClaimReceipt? { if case .accepted(let receipt) = self { receipt } else { nil } }
}

extension ClaimPlan {
    /// The refusals' codes in the jobs' order; `nil` stands for an accepted claim.
    var codes: [ErrorCode?] { answers.map(\.outcome.refusal?.code) }
}
