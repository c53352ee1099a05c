import PaymentLinks
import Postgres

/// Writes postings and their effect on the wallets' balances, set by set.
enum LedgerStatements {
    /// The rule that is broken when a wallet does not allow any more what was decided on it.
    static let walletsAllow = "wallets_allow_what_was_decided"

    /// One statement for all entries, and one row update a wallet, however many postings touch it.
    ///
    /// - Parameter demands: what must be true of the wallets, if they were read and not locked. They are locked now.
    static func write(
        _ postings: [Posting], at now: Timestamp, demanding demands: [WalletID: WalletDemand]? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> [Query] {
        guard !postings.isEmpty else { return [] }
        return [insertEntries(postings, at: now, using: &generator)] + updateWallets(postings, at: now, demands)
    }

    private struct Line: Sendable {
        let id: ULID
        let posting: Posting
        let number: Int64
        let entry: Entry
    }

    private static func insertEntries(
        _ postings: [Posting], at now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Query {
        let lines = postings.flatMap { posting in
            posting.entries.enumerated().map { number, entry in
                Line(id: .mint(at: now, using: &generator), posting: posting, number: Int64(number), entry: entry)
            }
        }
        return Query(
            insertEntries,
            [
                .uuids(lines.map(\.id.bits)), lines.uuids(\.posting.transactionId),
                lines.texts(\.posting.step.rawValue), lines.int64s(\.number), lines.texts(\.entry.account.name),
                lines.uuids(\.entry.account.walletId), lines.int64s(\.entry.amount.minorUnits),
                lines.texts(\.entry.amount.currency.rawValue), .time(now),
            ])
    }

    private static func updateWallets(
        _ postings: [Posting], at now: Timestamp, _ demands: [WalletID: WalletDemand]?
    ) -> [Query] {
        let changes = postings.walletChanges.sorted { $0.key < $1.key }
        guard !changes.isEmpty else { return [] }
        let ids = changes.uuids(\.key)
        let values = [
            ids, changes.int64s(\.value.available), changes.int64s(\.value.pending), changes.int64s(\.value.debt),
            .int64(Int64(changes.count)), .time(now),
        ]
        let plain = Query(updateWallets, values)
        guard let demands else { return [plain] }
        let isDemanded = demands.isEmpty ? [] : [
            changes.int64s { demands[$0.key]?.available }, .bools(changes.map { demands[$0.key]?.isPublic }),
        ]
        return [
            Query(lockWallets, [ids]), isDemanded.isEmpty ? plain : Query(updateDemandedWallets, values + isDemanded),
        ]
    }

    private static let insertEntries = Statement(
        "ledger_insert_entries",
        """
        INSERT INTO entries
            (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
        SELECT id, transaction_id, step, line, account, wallet_id, amount, currency, $9::timestamptz
        FROM unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::bigint[], $8::text[]
        ) AS entry (id, transaction_id, step, line, account, wallet_id, amount, currency)
        """)

    /// In the order of their ids, as everywhere.
    private static let lockWallets = Statement(
        "ledger_lock_wallets",
        """
        SELECT count(*)
        FROM (SELECT 1 FROM wallets WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE) AS locked
        """)

    private static let updateWallets = Statement(
        "ledger_update_wallets",
        """
        WITH changed AS (
            UPDATE wallets
            SET \(changedColumns)
            FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[])
                AS change (id, available, pending, debt)
            WHERE wallets.id = change.id
            RETURNING 1
        )
        SELECT require_rows((SELECT count(*) FROM changed), $5::bigint, 'every_entry_reaches_its_wallet')
        """)

    /// A payer's wallet must have the money, not be frozen, and be open to everyone if it was used as such.
    private static let updateDemandedWallets = Statement(
        "ledger_update_demanded_wallets",
        """
        WITH changed AS (
            UPDATE wallets
            SET \(changedColumns)
            FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $7::bigint[], $8::boolean[])
                AS change (id, available, pending, debt, demanded, is_public)
            WHERE wallets.id = change.id
                AND (
                    change.demanded IS NULL
                    OR wallets.available >= change.demanded AND wallets.status = 'ACTIVE'
                        AND (wallets.allow_public_claims OR NOT change.is_public)
                )
            RETURNING 1
        )
        SELECT require_rows((SELECT count(*) FROM changed), $5::bigint, '\(walletsAllow)')
        """)

    private static let changedColumns = """
        available = wallets.available + change.available,
        pending = wallets.pending + change.pending,
        debt = wallets.debt + change.debt,
        updated_at = $6::timestamptz
        """
}
