/// An account of the ledger.
///
/// Wallets keep running balances; clearing, conversion and funding accounts are touched by every claim and keep none,
/// so that claims of different wallets never queue behind one row. Their balance is the sum of their entries.
package enum Account: Hashable, Sendable {
    /// What a wallet can spend.
    case wallet(WalletID)
    /// What a rail still works on for a wallet.
    case walletPending(WalletID)
    /// What a wallet owes after a return that its available balance could not cover; negative or zero.
    case walletDebt(WalletID)
    /// Money on its way between payers' banks and us.
    case achClearing
    /// Money on its way between payers' addresses and us.
    case usdcClearing
    /// The two sides of an exchange of USD and USDC at par.
    case conversion
    /// Where sandbox money comes from.
    case sandboxFunding
    /// Money that arrived and that no claim could take.
    case suspense

    /// The account's name in the `entries` table.
    package var name: String {
        switch self {
        case .wallet: "WALLET"
        case .walletPending: "WALLET_PENDING"
        case .walletDebt: "WALLET_DEBT"
        case .achClearing: "ACH_CLEARING"
        case .usdcClearing: "USDC_CLEARING"
        case .conversion: "CONVERSION"
        case .sandboxFunding: "SANDBOX_FUNDING"
        case .suspense: "SUSPENSE"
        }
    }

    package var walletId: WalletID? {
        switch self {
        case .wallet(let id), .walletPending(let id), .walletDebt(let id): id
        case .achClearing, .usdcClearing, .conversion, .sandboxFunding, .suspense: nil
        }
    }
}

/// The moment in a transaction's life that an entry belongs to.
///
/// A transaction takes each step at most once: (transaction, step, line) is the entries' primary key, so the database
/// refuses a second effect even if everything above it were wrong.
package enum LedgerStep: String, Sendable, CaseIterable {
    case claim = "CLAIM"
    case settle = "SETTLE"
    case fail = "FAIL"
    case reverse = "REVERSE"
    case fund = "FUND"
    /// A wallet that held money beside a debt paid it; only the schema's own steps do this.
    case payDebt = "PAY_DEBT"
    case suspend = "SUSPEND"
}

/// One line of a posting: an amount into (positive) or out of (negative) an account.
package struct Entry: Hashable, Sendable {
    package let account: Account
    package let amount: Money

    package init(_ account: Account, _ amount: Money) {
        self.account = account
        self.amount = amount
    }
}

/// The entries of one step of one transaction; they sum to zero in each currency.
package struct Posting: Hashable, Sendable {
    package let transactionId: TransactionID
    package let step: LedgerStep
    package let entries: [Entry]

    /// Traps when the entries do not sum to zero: such a posting is a mistake of ours, never of a caller.
    package init(_ transactionId: TransactionID, _ step: LedgerStep, _ entries: [Entry]) {
        self.transactionId = transactionId
        self.step = step
        self.entries = entries
        precondition(isBalanced, "the entries of a posting must sum to zero in each currency")
    }

    private var isBalanced: Bool {
        Currency.allCases.allSatisfy { currency in
            entries.reduce(Int128(0)) { $1.amount.currency == currency ? $0 + Int128($1.amount.minorUnits) : $0 } == 0
        }
    }
}

extension Posting {
    /// Moves money from one account to another, through the conversion account where the currencies differ.
    ///
    /// Both amounts are the same value, each in its account's currency.
    package static func transfer(
        _ transactionId: TransactionID, _ step: LedgerStep,
        from source: Account, _ debited: Money, to target: Account, _ credited: Money
    ) -> Posting {
        var entries = [Entry(source, -debited)]
        if debited.currency != credited.currency {
            entries += [Entry(.conversion, debited), Entry(.conversion, -credited)]
        }
        entries.append(Entry(target, credited))
        return Posting(transactionId, step, entries)
    }
}

extension Money {
    package static prefix func - (money: Money) -> Money {
        Money(minorUnits: -money.minorUnits, currency: money.currency)
    }
}
