package import PaymentLinks
package import Postgres

/// Puts sandbox money into wallets.
package struct FundingStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// What a funding did.
    package struct Receipt: Sendable {
        package let transactionId: TransactionID
        package let walletId: WalletID
        package let amount: Money
        /// What the wallet could spend right after it.
        package let newBalance: Money
    }

    package enum Outcome: Sendable {
        /// The messages are to be published; there are none when the outcome is an earlier one.
        case answered(Keyed<Receipt>, messages: [OutboxMessage])
        case walletFrozen
        /// The wallet cannot hold so much.
        case balanceTooLarge
        case walletNotFound
    }

    /// Moves `amount`, of the wallet's currency, from the sandbox's funding account to the wallet: a posting, a
    /// transaction, an event and the key's binding, in one database transaction.
    ///
    /// The wallet's row is locked first, so that a repeated request waits for the first and then sees its key.
    package func fund(
        _ walletId: WalletID, organization: OrganizationID, amount: Money, idempotency: IdempotencyReference?
    ) async throws(StorageError) -> Outcome {
        try await StorageError.retryingUniqueViolation {
            try await pool.withTransaction { transaction in
                let results = try await transaction.run([
                    Query(Self.lockWallet, [.id(walletId), .id(organization)]),
                    IdempotencyStatements.select(idempotency), Query(ClockStatement.now),
                ])
                let wallet = try results[0].rows.first.map(WalletSnapshot.init(row:))
                let earlier = try IdempotencyStatements.earlier(in: results[1], of: idempotency)
                let now = try results[2].firstRow().time(0)
                let (outcome, writes) = try Self.decide(wallet, amount, earlier, idempotency, at: now)
                _ = try await transaction.commit(writes)
                return outcome
            }
        }
    }

    private static func decide(
        _ wallet: WalletSnapshot?, _ amount: Money, _ earlier: Keyed<IdempotencyStatements.Earlier>?,
        _ idempotency: IdempotencyReference?, at now: Timestamp
    ) throws -> (Outcome, [Query]) {
        guard let wallet else { return (.walletNotFound, []) }
        if let earlier {
            let receipt = try earlier.map { try Receipt($0, walletId: wallet.id, amount: amount) }
            return (.answered(receipt, messages: []), [])
        }
        guard !wallet.isFrozen else { return (.walletFrozen, []) }
        let held = wallet.balance.available.addingReportingOverflow(wallet.balance.pending)
        guard !held.overflow, !held.partialValue.addingReportingOverflow(amount.minorUnits).overflow else {
            return (.balanceTooLarge, [])
        }
        let funding = Funding(of: wallet, amount, at: now)
        let writes = try write(funding, wallet, idempotency, at: now)
        return (.answered(.made(funding.receipt), messages: funding.messages), writes)
    }

    /// One funding as it is decided: its posting, which pays the wallet's debt first, and what it announces.
    private struct Funding {
        let posting: Posting
        let receipt: Receipt
        let events: [DomainEvent]
        var messages: [OutboxMessage] { OutboxMessage.gather(events: events) }

        init(of wallet: WalletSnapshot, _ amount: Money, at now: Timestamp) {
            var generator = PooledRandomNumberGenerator()
            let transactionId = TransactionID.mint(at: now, using: &generator)
            let wallets = [wallet.id: wallet]
            posting = Posting.transfer(
                transactionId, .fund, from: .sandboxFunding, amount, to: .wallet(wallet.id), amount
            ).payingDebts(of: wallets)
            let spendable = wallet.balance.available + ([posting].walletChanges[wallet.id]?.available ?? 0)
            receipt = Receipt(
                transactionId: transactionId, walletId: wallet.id, amount: amount,
                newBalance: Money(minorUnits: spendable, currency: amount.currency))
            events =
                [receipt.event(of: wallet, at: now)]
                + posting.debtEvents(on: wallets, at: now, using: &generator)
        }
    }

    private static let lockWallet = Statement(
        "funding_lock_wallet",
        """
        SELECT \(WalletSnapshot.columns)
        FROM wallets
        WHERE id = $1 AND organization_id = $2
        FOR NO KEY UPDATE
        """)
}

// MARK: - Write

extension FundingStore {
    private static func write(
        _ funding: Funding, _ wallet: WalletSnapshot, _ idempotency: IdempotencyReference?, at now: Timestamp
    ) throws -> [Query] {
        var generator = PooledRandomNumberGenerator()
        let receipt = funding.receipt
        let transaction = Query(
            insertTransaction,
            [
                .id(receipt.transactionId), .id(wallet.organizationId), .text(wallet.environment.rawValue),
                .int64(receipt.amount.minorUnits), .text(receipt.amount.currency.rawValue), .time(now),
            ])
        let response = try json(StoredResponse(newBalance: receipt.newBalance.minorUnits))
        let bindings = idempotency.map {
            [
                IdempotencyStatements.Binding(
                    reference: $0, subject: receipt.transactionId.ulid, response: response)
            ]
        }
        return [transaction]
            + LedgerStatements.write([funding.posting], at: now, using: &generator)
            + IdempotencyStatements.insert(bindings ?? [], at: now)
            + OutboxStatements.write(events: funding.events, messages: funding.messages, at: now)
    }

    /// The part of the first answer that a repeated request does not know itself.
    fileprivate struct StoredResponse: Codable {
        /// In minor units.
        let newBalance: Int64
    }

    private static let insertTransaction = Statement(
        "funding_insert_transaction",
        """
        INSERT INTO transactions
            (id, organization_id, environment, kind, status, amount, currency, created_at, updated_at)
        VALUES ($1, $2, $3, 'FUNDING', 'POSTED', $4, $5, $6, $6)
        """)
}

extension FundingStore.Receipt {
    /// The first answer, told again.
    fileprivate init(_ earlier: IdempotencyStatements.Earlier, walletId: WalletID, amount: Money) throws {
        guard let response = try earlier.response.map({ try decoded($0, as: FundingStore.StoredResponse.self) }) else {
            throw StorageError.unreadable("a funding's idempotency key has no response")
        }
        transactionId = TransactionID(earlier.subject)
        self.walletId = walletId
        self.amount = amount
        newBalance = Money(minorUnits: response.newBalance, currency: amount.currency)
    }

    /// The event of the funding itself.
    fileprivate func event(of wallet: WalletSnapshot, at now: Timestamp) -> DomainEvent {
        DomainEvent(
            id: .mint(at: now), type: .walletFunded, organizationId: wallet.organizationId,
            environment: wallet.environment, walletId: walletId, occurredAt: now
        ) { writer in
            writer.field("walletId", walletId)
            writer.field("transactionId", transactionId)
            writer.field("amount", amount)
            writer.field("currency", amount.currency.rawValue)
            writer.field("newBalance", newBalance)
        }
    }
}
