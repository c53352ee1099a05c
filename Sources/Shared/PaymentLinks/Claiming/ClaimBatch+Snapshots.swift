extension ClaimRequest.WalletAuthority {
    /// Whether the key may spend from the wallet.
    func covers(_ wallet: WalletSnapshot) -> Bool {
        wallet.organizationId == organizationId && wallet.environment == environment
            && (walletScope?.contains(wallet.id) ?? true)
    }

    /// Whether a refusal may show the key's holder what the wallet has and owes.
    func showsBalance(of wallet: WalletSnapshot) -> Bool { readsBalances && covers(wallet) }
}

extension ClaimReceipt {
    /// The events that the claim writes at its decision, the cause before its effect.
    var eventTypes: [EventType] {
        switch decidedStatus {
        case .settled: [.linkClaimed, .linkSettled]
        case .pending: [.linkClaimed]
        default: []
        }
    }
}

extension LinkSnapshot {
    /// The sequence of the link's last event once this claim has won it.
    package func eventSequence(claimedBy receipt: ClaimReceipt) -> Int64 {
        eventSequence + Int64(receipt.eventTypes.count)
    }

    func claimed(by claimId: ClaimID, at now: Timestamp, eventSequence: Int64) -> LinkSnapshot {
        LinkSnapshot(
            id: id, organizationId: organizationId, environment: environment, walletId: walletId, slug: slug,
            amount: amount, status: .claimed, restrictions: restrictions, expiresAt: expiresAt,
            winningClaimId: claimId, claimedAt: now, metadataJSON: metadataJSON, payee: payee,
            eventSequence: eventSequence, tally: LinkTally(storedAnswers: tally.storedAnswers), updatedAt: now)
    }
}
