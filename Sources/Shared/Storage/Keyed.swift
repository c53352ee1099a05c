import PaymentLinks
import Postgres

/// The answer to a request that may have come before, under the same idempotency key.
package enum Keyed<Value: Sendable>: Sendable {
    /// Done now.
    case made(Value)
    /// Done before, by a request with the same key and the same body: its outcome.
    case replayed(Value)
    /// The key belongs to a request with another body; nothing was done.
    case keyReused
}

/// The part of a list that a caller asked for.
package struct PageRequest: Sendable {
    /// The most items.
    package let limit: Int
    /// The last item of the page before, as bits; `nil` for the first page.
    package var after: UInt128? { storedAfter?.value }
    private let storedAfter: Bits128?

    package init(limit: Int, after: UInt128?) {
        self.limit = limit
        storedAfter = after.map(Bits128.init)
    }

    /// What the page's ids are below, in a list that has the newest first: the highest id there is for the first page.
    ///
    /// A statement that compares with it unconditionally begins to read its index there, whatever plan it has.
    var cursor: PostgresValue { .uuid(after ?? .max) }
}

/// Some items of a list, newest first, and whether older ones follow.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    package let hasMore: Bool

    package init(items: [Item], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }

    /// Takes one row more than was asked for: its presence means that there is more.
    init(rowsWithOneMore items: [Item], limit: Int) {
        self.init(items: Array(items.prefix(limit)), hasMore: items.count > limit)
    }
}
