import PaymentLinks
import Postgres

/// Writes postings and their effect on the wallets' balances, set by set.
enum LedgerStatements {
    /// The rule that is broken when a wallet does not allow any more what was decided on it.
    static let walletsAllow = "wallets_allow_what_was_decided"

    /// One statement for all entries, and one row update a wallet, however many postings touch it.
    ///
    /// - Parameter demands: what must be true of the wallets, if they were read and not locked. They are locked now,
    ///   and the entries have the time of that, so that a wallet's entries stand in the order of their effect.
    static func write(
        _ postings: [Posting], at now: Timestamp, demanding demands: [WalletID: WalletDemand]? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> [Query] {
        guard !postings.isEmpty else { return [] }
        let changes = postings.walletChanges.sorted { $0.key < $1.key }
        let entries = entryValues(postings, at: now, using: &generator)
        guard let demands else { return [Query(insertEntries, entries)] + updateWallets(changes, at: now) }
        return [
            Query(lockWallets, [changes.uuids(\.key)]), Query(insertEntriesNow, entries),
            Query(
                updateDemandedWallets,
                changeValues(changes, at: now) + [
                    changes.int64s { demands[$0.key]?.available }, .bools(changes.map { demands[$0.key]?.isPublic }),
                    changes.int64s { demands[$0.key]?.debt },
                ]),
        ]
    }

    private typealias Changes = [(key: WalletID, value: WalletChange)]

    private struct Line: Sendable {
        let id: ULID
        let posting: Posting
        let number: Int64
        let entry: Entry
    }

    private static func entryValues(
        _ postings: [Posting], at now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> [PostgresValue] {
        let lines = postings.flatMap { posting in
            posting.entries.enumerated().map { number, entry in
                Line(id: .mint(at: now, using: &generator), posting: posting, number: Int64(number), entry: entry)
            }
        }
        return [
            .uuids(lines.map(\.id.bits)), lines.uuids(\.posting.transactionId),
            lines.texts(\.posting.step.rawValue), lines.int64s(\.number), lines.texts(\.entry.account.name),
            lines.uuids(\.entry.account.walletId), lines.int64s(\.entry.amount.minorUnits),
            lines.texts(\.entry.amount.currency.rawValue), .time(now),
        ]
    }

    private static func updateWallets(_ changes: Changes, at now: Timestamp) -> [Query] {
        changes.isEmpty ? [] : [Query(updateWallets, changeValues(changes, at: now))]
    }

    private static func changeValues(_ changes: Changes, at now: Timestamp) -> [PostgresValue] {
        [
            changes.uuids(\.key), changes.int64s(\.value.available), changes.int64s(\.value.pending),
            changes.int64s(\.value.debt), .int64(Int64(changes.count)), .time(now),
        ]
    }

    private static let insertEntries = Statement(
        "ledger_insert_entries",
        """
        INSERT INTO entries (\(entryColumns))
        SELECT id, transaction_id, step, line, account, wallet_id, amount, currency, $9::timestamptz
        FROM \(entryRows)
        """)

    /// At this very moment, or when it was decided, should the clock have gone back since: an id begins with its time.
    private static let insertEntriesNow = Statement(
        "ledger_insert_entries_now",
        """
        WITH clock AS MATERIALIZED (
            SELECT greatest($9::timestamptz, clock_timestamp()) AS now
        ), prefix AS MATERIALIZED (
            SELECT now, lpad(to_hex(floor(extract(epoch FROM now) * 1000)::bigint), 12, '0') AS text FROM clock
        )
        INSERT INTO entries (\(entryColumns))
        SELECT (prefix.text || substr(id::text, 15))::uuid, transaction_id, step, line, account, wallet_id, amount,
            currency, prefix.now
        FROM \(entryRows) CROSS JOIN prefix
        """)

    private static let entryColumns =
        "id, transaction_id, step, line, account, wallet_id, amount, currency, created_at"

    private static let entryRows = """
        unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::bigint[], $8::text[]
        ) AS entry (id, transaction_id, step, line, account, wallet_id, amount, currency)
        """

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

    /// A payer's wallet must have the money, not be frozen, and be open to everyone if it was used that way. A payee's
    /// wallet must owe what it owed when its credits were split between its debt and its balance. Any wallet must have
    /// room for its credits.
    private static let updateDemandedWallets = Statement(
        "ledger_update_demanded_wallets",
        """
        WITH changed AS (
            UPDATE wallets
            SET \(changedColumns)
            FROM unnest(
                $1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $7::bigint[], $8::boolean[], $9::bigint[]
            ) AS change (id, available, pending, debt, demanded, is_public, relied_debt)
            WHERE wallets.id = change.id
                AND wallets.debt = coalesce(change.relied_debt, wallets.debt)
                AND wallets.available <= \(Int64.max) - wallets.pending - greatest(change.available + change.pending, 0)
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
        updated_at = greatest(wallets.updated_at, $6::timestamptz)
        """
}
