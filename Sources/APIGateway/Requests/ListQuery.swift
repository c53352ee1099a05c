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

    /// Parameters are read as strings. A list refuses those that it does not ask for before `finish`.
    package init(_ parameters: QueryParameters) {
        var reader = BodyReader(JSONObject(strings: parameters.entries), subject: "query")
        let limit = reader.limit("limit", in: Self.limits, default: Self.defaultLimit)
        page = PageRequest(limit: limit, after: reader.cursor("cursor"))
        self.reader = reader
    }

    init(_ request: Request) {
        self.init(request.parameters)
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

/// Where the next page starts: opaque to callers, the last item's id to us.
package enum Cursor {
    /// Tells our cursors from other texts, and this form of them from later ones.
    private static let version = "c1"

    package static func text(_ id: UInt128) -> String { version + ULID(bits: id).description.lowercased() }

    package static func id(_ text: String) -> UInt128? {
        guard text.utf8.starts(with: version.utf8) else { return nil }
        return ULID(String(text.utf8.dropFirst(version.utf8.count)) ?? "")?.bits
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

    fileprivate mutating func cursor(_ field: String) -> UInt128? {
        guard let text = string(field) else { return nil }
        if let id = Cursor.id(text) { return id }
        report(field, "INVALID_CURSOR", "Send the cursor of the page before, unchanged.")
        return nil
    }
}
