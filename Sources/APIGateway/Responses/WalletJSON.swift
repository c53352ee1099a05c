package import PaymentLinks
package import Storage

/// The shapes in which wallets, their money and its history are answered.
package enum WalletJSON {
    /// - Parameter showsBalances: whether the reader's key has wallets:read; else every balance is null.
    package static func wallet(_ wallet: WalletRecord, showsBalances: Bool) -> [UInt8] {
        JSONWriter.object { fields(of: wallet, showsBalances: showsBalances, in: &$0) }
    }

    package static func fields(of wallet: WalletRecord, showsBalances: Bool, in writer: inout JSONWriter) {
        writer.field("id", wallet.id)
        writer.field("organizationId", wallet.organizationId)
        writer.field("name", wallet.name)
        writer.field("agentName", wallet.agentName)
        writer.field("environment", wallet.environment.rawValue)
        writer.field("status", wallet.isFrozen ? "FROZEN" : "ACTIVE")
        writer.field("balance", showsBalances ? wallet.money(wallet.balance.available) : nil)
        writer.field("debt", showsBalances ? wallet.money(wallet.balance.debt) : nil)
        writer.field("currency", wallet.currency.rawValue)
        writer.field("metadata", json: wallet.metadataJSON)
        writer.field("allowPublicClaims", wallet.allowsPublicClaims)
        writer.field("createdAt", wallet.createdAt)
        writer.field("updatedAt", wallet.updatedAt)
    }

    /// `balance` is what the wallet can spend, as everywhere. `pending` is what a rail still works on, and `debt` is
    /// money that was returned after it was spent.
    package static func balance(_ wallet: WalletRecord) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("walletId", wallet.id)
            writer.field("balance", wallet.money(wallet.balance.available))
            writer.field("available", wallet.money(wallet.balance.available))
            writer.field("pending", wallet.money(wallet.balance.pending))
            writer.field("debt", wallet.money(wallet.balance.debt))
            writer.field("currency", wallet.currency.rawValue)
        }
    }

    /// - Parameter showsBalances: whether the reader's key has wallets:read; else the new balance is null.
    package static func funding(_ receipt: FundingStore.Receipt, showsBalances: Bool) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("transactionId", receipt.transactionId)
            writer.field("walletId", receipt.walletId)
            writer.field("amount", receipt.amount)
            writer.field("currency", receipt.amount.currency.rawValue)
            writer.field("newBalance", showsBalances ? receipt.newBalance : nil)
        }
    }

    package static func fields(of hold: HoldRecord, in writer: inout JSONWriter) {
        writer.field("id", hold.claimId)
        writer.field("walletId", hold.walletId)
        writer.field("claimId", hold.claimId)
        writer.field("transactionId", hold.transactionId)
        writer.field("method", hold.method.rawValue)
        writer.field("amount", hold.amount)
        writer.field("currency", hold.amount.currency.rawValue)
        writer.field("status", hold.status.rawValue)
        writer.field("createdAt", hold.createdAt)
        writer.field("resolvedAt", hold.resolvedAt)
    }
}

/// The shapes of transactions and of their entries.
package enum TransactionJSON {
    package static func transaction(_ transaction: TransactionRecord) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("id", transaction.id)
            writer.field("environment", transaction.environment.rawValue)
            writer.field("type", transaction.kind.rawValue)
            writer.field("status", transaction.status.rawValue)
            writer.field("claimId", transaction.claimId)
            writer.field("amount", transaction.amount)
            writer.field("currency", transaction.amount.currency.rawValue)
            writer.field("entries", array: transaction.entries) { writer, entry in
                writer.object { fields(of: entry, in: &$0) }
            }
            writer.field("createdAt", transaction.createdAt)
            writer.field("updatedAt", transaction.updatedAt)
        }
    }

    /// An amount has no sign; the direction says which way it went, seen from the account.
    package static func fields(of entry: EntryRecord, in writer: inout JSONWriter) {
        let isDebit = entry.amount.minorUnits < 0
        writer.field("id", entry.id)
        writer.field("walletId", entry.walletId)
        writer.field("account", entry.account)
        writer.field("amount", isDebit ? -entry.amount : entry.amount)
        writer.field("currency", entry.amount.currency.rawValue)
        writer.field("direction", isDebit ? "DEBIT" : "CREDIT")
        writer.field("description", entry.step.sentence)
        writer.field("entryType", entry.step.rawValue)
        writer.field("relatedTransactionId", entry.transactionId)
        writer.field("createdAt", entry.createdAt)
    }
}

extension LedgerStep {
    /// What happened, for people.
    fileprivate var sentence: String {
        switch self {
        case .claim: "Payment link claimed"
        case .settle: "Payment settled"
        case .suspend: "Payment kept in suspense"
        case .fail: "Payment failed"
        case .reverse: "Payment returned"
        case .fund: "Sandbox funding"
        case .payDebt: "Debt paid"
        }
    }
}
