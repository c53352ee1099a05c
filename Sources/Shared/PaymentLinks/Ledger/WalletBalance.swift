/// A wallet's running balances, in minor units of its currency. None of them is ever negative.
///
/// A wallet with a debt has nothing available: every credit pays the debt first.
package struct WalletBalance: Hashable, Sendable {
    package var available: Int64
    package var pending: Int64
    /// What the wallet owes, as a positive number.
    package var debt: Int64

    package init(available: Int64 = 0, pending: Int64 = 0, debt: Int64 = 0) {
        self.available = available
        self.pending = pending
        self.debt = debt
    }

    /// Whether available and pending money still fit a column with this much more.
    func hasRoom(for credited: Money) -> Bool {
        let held = available.addingReportingOverflow(pending)
        return !held.overflow && !held.partialValue.addingReportingOverflow(credited.minorUnits).overflow
    }

    mutating func add(_ change: WalletChange) {
        available += change.available
        pending += change.pending
        debt += change.debt
    }
}

/// What a batch adds to one wallet's balances.
package struct WalletChange: Hashable, Sendable {
    package var available: Int64 = 0
    package var pending: Int64 = 0
    package var debt: Int64 = 0

    package init() {}

    /// Adds one entry's effect.
    package mutating func apply(_ entry: Entry) {
        switch entry.account {
        case .wallet: available += entry.amount.minorUnits
        case .walletPending: pending += entry.amount.minorUnits
        case .walletDebt: debt -= entry.amount.minorUnits
        case .achClearing, .usdcClearing, .conversion, .sandboxFunding, .suspense: break
        }
    }
}

/// What must be true of a wallet so that a batch's postings can be made on it in their order, even if the wallet has
/// changed since it was read.
package struct WalletDemand: Hashable, Sendable {
    /// The least that is available before the first posting, in minor units; `nil` for a wallet that pays nothing.
    package private(set) var available: Int64?
    /// Whether the wallet must be open to claims without a key of its own.
    package private(set) var isPublic = false
    /// The exact debt before the first posting, in minor units, because each credit pays it first; `nil` for a wallet
    /// that is not credited.
    package private(set) var debt: Int64?

    package init() {}

    /// - Parameters:
    ///   - spent: what the batch has taken from the wallet so far, less what it has brought.
    ///   - isPublic: whether the wallet was used without a key of its own.
    package mutating func raise(to spent: Int64, isPublic: Bool) {
        available = max(available ?? 0, spent)
        self.isPublic = self.isPublic || isPublic
    }

    /// - Parameter debt: what the wallet owed when it was read.
    package mutating func rely(onDebt debt: Int64) { self.debt = debt }
}

extension Posting {
    /// Adds the posting's effect to those of its wallets that are there.
    func apply(to wallets: inout [WalletID: WalletSnapshot]) {
        for entry in entries {
            guard let walletId = entry.account.walletId else { continue }
            var change = WalletChange()
            change.apply(entry)
            wallets[walletId]?.balance.add(change)
        }
    }
}

extension Sequence<Posting> {
    /// The sum of all postings' effects, by wallet: one row update a wallet, however many claims touched it.
    package var walletChanges: [WalletID: WalletChange] {
        var changes: [WalletID: WalletChange] = [:]
        for posting in self {
            for entry in posting.entries {
                guard let walletId = entry.account.walletId else { continue }
                changes[walletId, default: WalletChange()].apply(entry)
            }
        }
        return changes
    }
}
