package import PaymentLinks
package import Postgres

/// Events in the order of their positions, for those who fetch them.
///
/// A position is taken from a sequence as the event is inserted. Every transaction that inserts events holds a shared
/// advisory lock from before its first position until its end, and the lock's key names a position below all of its
/// own. So a reader that sees no lock below a position has every event up to it, now or never. Locks are visible to
/// every role, and no other transaction holds the feed back. (docs/internals.md: the feed)
package struct EventFeed: Sendable {
    /// The most events that one call looks at for a caller that may see few of them.
    private static let scanLimit = 5_000

    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// An event as it is signed and sent.
    package struct Entry: Sendable {
        package let id: EventID
        package let body: String
        fileprivate let place: FeedPlace
    }

    /// Some events, and where to go on.
    package struct Slice: Sendable {
        package let entries: [Entry]
        /// After the last entry, or after events that the caller may not see. `nil` before the first event.
        package let cursor: FeedCursor?
        package let hasMore: Bool
    }

    /// The owner's events after the cursor, oldest first. An owner with a wallet scope gets those of its wallets.
    package func read(
        _ owner: WebhookOwner, after cursor: FeedCursor?, limit: Int
    ) async throws(StorageError) -> Slice {
        let start = try await place(of: cursor)
        guard let scan = try await scan(owner, from: start, limit: limit), start < scan.end else {
            return Slice(entries: [], cursor: cursor, hasMore: false)
        }
        let entries = try await entries(owner, from: start, to: scan.end, limit: limit + 1)
        guard entries.count > limit else {
            return Slice(entries: entries, cursor: FeedCursor(scan.end), hasMore: scan.isPartial)
        }
        let page = Array(entries.prefix(limit))
        return Slice(entries: page, cursor: page.last.map { FeedCursor($0.place) }, hasMore: true)
    }

    /// Cursors of earlier versions name an event, which may have been pruned since; then it counts as an early one.
    private func place(of cursor: FeedCursor?) async throws(StorageError) -> FeedPlace {
        switch cursor {
        case nil: return FeedPlace(position: 0, id: 0)
        case .position(let position): return FeedPlace(position: position, id: .max)
        case .event(let id):
            let rows = try await pool.read([Query(Self.selectPosition, [.id(id)])]) { $0[0].rows }
            return try StorageError.translating {
                FeedPlace(position: try rows.first?.int64(0) ?? 0, id: id.bits)
            }
        }
    }

    /// How far the events are complete.
    private struct Scan: Sendable {
        let end: FeedPlace
        /// Whether there may be more to read after `end`, without waiting for a writer.
        let isPartial: Bool
    }

    /// Looks at the events after `start`, and then at the locks of those who may still write before the last of them.
    private func scan(
        _ owner: WebhookOwner, from start: FeedPlace, limit: Int
    ) async throws(StorageError) -> Scan? {
        let count = owner.walletScope == nil ? limit + 1 : Self.scanLimit
        let parameters = owner.parameters + start.parameters + [.int64(Int64(count))]
        return try await pool.read([Query(Self.selectScan, parameters)]) { results in
            guard let row = results[0].rows.first else { return nil }
            let last = FeedPlace(position: try row.int64(0), id: try row.uuid(1))
            let isFull = try row.int64(2) == count
            guard let held = try row.int64IfPresent(3), held < last.position else {
                return Scan(end: last, isPartial: isFull)
            }
            return Scan(end: FeedPlace(position: held, id: .max), isPartial: false)
        }
    }

    /// Reads with a snapshot of its own, taken after the locks were read.
    private func entries(
        _ owner: WebhookOwner, from start: FeedPlace, to end: FeedPlace, limit: Int
    ) async throws(StorageError) -> [Entry] {
        let parameters =
            owner.parameters + start.parameters + end.parameters
            + [.int64(Int64(limit)), .uuidArray(owner.walletScope)]
        return try await pool.read([Query(Self.select, parameters)]) { results in
            try results[0].rows.map { row in
                Entry(
                    id: try row.identifier(0), body: try row.text(1),
                    place: FeedPlace(position: try row.int64(2), id: try row.uuid(0)))
            }
        }
    }

    private static let selectPosition = Statement("event_feed_position", "SELECT position FROM events WHERE id = $1")

    /// The locks are read after the statement's snapshot was taken. A transaction that took a position below the last
    /// one that the snapshot shows had its lock before; where the lock is gone, the next snapshot shows what was
    /// committed.
    ///
    /// A key holds the low 32 bits of a position, which may lie on either side of the last one.
    private static let selectScan = Statement(
        "event_feed_scan",
        """
        WITH scanned AS MATERIALIZED (
            SELECT position, id
            FROM events
            WHERE organization_id = $1 AND environment = $2 AND (position, id) > ($3::bigint, $4::uuid)
            ORDER BY position, id
            LIMIT $5
        )
        SELECT last.position, last.id, (SELECT count(*) FROM scanned), (
            SELECT min(last.position + (((objid::bigint - last.position) << 32) >> 32)) FROM \(FeedWriters.locks)
        )
        FROM (SELECT position, id FROM scanned ORDER BY position DESC, id DESC LIMIT 1) AS last
        """)

    private static let select = Statement(
        "event_feed",
        """
        SELECT id, body, position
        FROM events
        WHERE organization_id = $1 AND environment = $2 AND (position, id) > ($3::bigint, $4::uuid)
            AND (position, id) <= ($5::bigint, $6::uuid) AND \(WebhookOwner.sees("$8"))
        ORDER BY position, id
        LIMIT $7
        """)
}

/// Where an event stands in the feed. Events from before positions were assigned share position 0.
struct FeedPlace: Sendable, Hashable, Comparable {
    let position: Int64
    private let storedId: Bits128

    init(position: Int64, id: UInt128) {
        self.position = position
        storedId = Bits128(id)
    }

    var id: UInt128 { storedId.value }
    var parameters: [PostgresValue] { [.int64(position), .uuid(id)] }

    static func < (left: FeedPlace, right: FeedPlace) -> Bool {
        (left.position, left.storedId) < (right.position, right.storedId)
    }
}

/// After which event a reader of the feed goes on.
package enum FeedCursor: Sendable, Hashable {
    /// After everything up to this position.
    case position(Int64)
    /// After this event, which has no position or whose position is to be looked up.
    case event(EventID)

    init(_ place: FeedPlace) {
        self = place.position > 0 ? .position(place.position) : .event(EventID(bits: place.id))
    }
}

extension WebhookOwner {
    /// The condition by which a row of `events` is of one of the wallets in a parameter; all are where that is NULL.
    ///
    /// Events of earlier versions have no wallet, so their links say whose they are. Organization-wide events are of no
    /// wallet.
    static func sees(_ scope: String) -> String {
        """
        (
            \(scope)::uuid[] IS NULL OR events.wallet_id = ANY(\(scope)::uuid[])
            OR events.wallet_id IS NULL AND EXISTS (
                SELECT FROM payment_links
                WHERE payment_links.id = events.link_id AND payment_links.wallet_id = ANY(\(scope)::uuid[])
            )
        )
        """
    }
}
