import Hummingbird
package import PaymentLinks
package import Storage

/// The query of a list: `limit`, `cursor`, and the filters that a list has.
package struct ListQuery: Sendable {
    private static let limits = 1...100
    private static let defaultLimit = 20
    private static let longestOffset = 10_000

    private var reader: BodyReader
    package let page: PageRequest
    /// Where a reader of the events feed goes on; `nil` for its first page, and in every other list.
    package let feedCursor: FeedCursor?

    /// Parameters are read as strings. A list refuses those that it does not ask for before `finish`.
    ///
    /// - Parameter isFeed: whether the list is the events feed, whose cursors are of another form.
    package init(_ parameters: QueryParameters, isFeed: Bool = false) {
        var reader = BodyReader(JSONObject(strings: parameters.entries), subject: "query")
        let limit = reader.limit("limit", in: Self.limits, default: Self.defaultLimit)
        page = PageRequest(limit: limit, after: isFeed ? nil : reader.cursor("cursor", Cursor.id))
        feedCursor = isFeed ? reader.cursor("cursor", Cursor.feed) : nil
        self.reader = reader
    }

    init(_ request: Request, isFeed: Bool = false) {
        self.init(request.parameters, isFeed: isFeed)
    }

    /// Refuses whatever is in the query of a route that takes no parameters.
    static func refuseAll(_ parameters: QueryParameters) throws(InvalidRequest) {
        try BodyReader(JSONObject(strings: parameters.entries), subject: "query").finish()
    }

    package mutating func walletId() -> WalletID? { reader.identifier("walletId") }

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of: Choice.Type = Choice.self
    ) -> Choice? {
        reader.choice(name)
    }

    /// `true` or `false`; `nil` when it is absent.
    package mutating func boolean(_ name: String) -> Bool? {
        switch reader.string(name) {
        case "true": return true
        case "false": return false
        case nil: return nil
        default:
            reader.report(name, "INVALID_VALUE", "Send true or false.")
            return nil
        }
    }

    /// How many items to skip, for a list that takes an offset in place of a cursor.
    package mutating func offset() -> Int {
        let offset = reader.offset("offset", most: Self.longestOffset)
        if offset > 0, page.after != nil {
            reader.report("offset", "NOT_ALLOWED", "Send either a cursor or an offset; the cursor skips nothing.")
        }
        return offset
    }

    /// Throws everything that was wrong.
    package func finish() throws(InvalidRequest) { try reader.finish() }
}

/// Where the next page starts, opaque to callers: an exact position, never a time.
package enum Cursor {
    /// In front of the last item's id.
    private static let ofItem = "c1"
    /// In front of a position in the events feed.
    private static let ofPosition = "c2"

    package static func text(_ id: UInt128) -> String { text(ofItem, id) }

    package static func text(_ cursor: FeedCursor) -> String {
        switch cursor {
        case .event(let id): text(ofItem, id.bits)
        case .position(let position): text(ofPosition, UInt128(position))
        }
    }

    package static func id(_ text: String) -> UInt128? { bits(of: text, ofItem) }

    /// Reads a cursor of the events feed, also one that an earlier version gave out.
    package static func feed(_ text: String) -> FeedCursor? {
        if let id = id(text) { return .event(EventID(bits: id)) }
        return bits(of: text, ofPosition).flatMap(Int64.init(exactly:)).map(FeedCursor.position)
    }

    private static func text(_ prefix: String, _ bits: UInt128) -> String {
        prefix + ULID(bits: bits).description.lowercased()
    }

    private static func bits(of text: String, _ prefix: String) -> UInt128? {
        guard text.utf8.starts(with: prefix.utf8) else { return nil }
        return ULID(String(text.utf8.dropFirst(prefix.utf8.count)) ?? "")?.bits
    }
}

extension BodyReader {
    fileprivate mutating func limit(_ field: String, in range: ClosedRange<Int>, default: Int) -> Int {
        guard let text = string(field) else { return `default` }
        let isPlain = text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        if isPlain, let limit = Int(text), range.contains(limit) { return limit }
        report(field, "OUT_OF_RANGE", "Send a whole number from \(range.lowerBound) to \(range.upperBound).")
        return `default`
    }

    fileprivate mutating func offset(_ field: String, most: Int) -> Int {
        limit(field, in: 0...most, default: 0)
    }

    fileprivate mutating func cursor<Place>(_ field: String, _ read: (String) -> Place?) -> Place? {
        guard let text = string(field) else { return nil }
        if let cursor = read(text) { return cursor }
        report(field, "INVALID_CURSOR", "Send the cursor of the page before, unchanged.")
        return nil
    }
}
