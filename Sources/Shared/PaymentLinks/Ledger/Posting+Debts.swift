extension Posting {
    /// The same posting, except that every credit of a wallet pays the wallet's debt first.
    ///
    /// A credit of a wallet in debt becomes up to two entries: one that lowers the debt, and one with the rest that the
    /// wallet can spend. Each entry sees the balances that the entries before it leave.
    package func payingDebts(of wallets: [WalletID: WalletSnapshot]) -> Posting {
        guard entries.contains(where: { $0.creditedWallet.flatMap { wallets[$0] }?.isInDebt ?? false }) else {
            return self
        }
        var debts = wallets.mapValues(\.balance.debt)
        let paying = entries.flatMap { entry -> [Entry] in
            guard let id = entry.creditedWallet, let debt = debts[id] else { return [entry] }
            let paid = min(debt, entry.amount.minorUnits)
            debts[id] = debt - paid
            return entry.split(paying: paid, to: id)
        }
        return Posting(transactionId, step, paying)
    }

    /// The event that announces each wallet's new debt, if the posting changes it.
    ///
    /// - Parameters:
    ///   - wallets: as they are before the posting.
    ///   - now: the time of the transaction.
    package func debtEvents(
        on wallets: [WalletID: WalletSnapshot], at now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> [DomainEvent] {
        guard entries.contains(where: \.changesDebt) else { return [] }
        return [self].walletChanges.sorted { $0.key < $1.key }.compactMap { id, change in
            guard change.debt != 0, let wallet = wallets[id] else { return nil }
            let debtChange = DebtChange(wallet: wallet, transactionId: transactionId, change: change.debt)
            return debtChange.event(id: .mint(at: now, using: &generator), at: now)
        }
    }
}

extension Entry {
    /// The wallet whose spendable balance the entry raises.
    fileprivate var creditedWallet: WalletID? {
        guard case .wallet(let id) = account, amount.minorUnits > 0 else { return nil }
        return id
    }

    fileprivate var changesDebt: Bool {
        if case .walletDebt = account { true } else { false }
    }

    /// This credit as a payment of the wallet's debt and a credit of the rest; an empty part is left out.
    fileprivate func split(paying paid: Int64, to id: WalletID) -> [Entry] {
        let rest = amount.minorUnits - paid
        return [
            Entry(.walletDebt(id), Money(minorUnits: paid, currency: amount.currency)),
            Entry(.wallet(id), Money(minorUnits: rest, currency: amount.currency)),
        ].filter { $0.amount.minorUnits != 0 }
    }
}

extension WalletSnapshot {
    /// Whether the wallet owes money. Such a wallet has nothing to spend.
    package var isInDebt: Bool { balance.debt > 0 }
}

/// A change of what a wallet owes.
private struct DebtChange {
    let wallet: WalletSnapshot
    let transactionId: TransactionID
    /// In minor units; positive when the debt grows.
    let change: Int64

    func event(id: EventID, at now: Timestamp) -> DomainEvent {
        DomainEvent(
            id: id, type: .walletDebtChanged, organizationId: wallet.organizationId, environment: wallet.environment,
            walletId: wallet.id, occurredAt: now
        ) { writer in
            writer.field("walletId", wallet.id)
            writer.field("transactionId", transactionId)
            writer.field("currency", wallet.currency.rawValue)
            writer.field("previousDebt", money(wallet.balance.debt))
            writer.field("debt", money(wallet.balance.debt + change))
        }
    }

    private func money(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: wallet.currency) }
}
