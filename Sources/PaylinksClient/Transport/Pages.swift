/// One page of a list.
public struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    public let data: [Item]
    /// Where the next page starts.
    public let cursor: String?
    public let hasMore: Bool
}

extension Page: Equatable where Item: Equatable {}

/// Every item of a list, page by page; a page is asked for when its first item is.
public struct Items<Item: Decodable & Sendable>: AsyncSequence, Sendable {
    public typealias Element = Item
    public typealias Failure = PaylinksError

    let transport: Transport
    let call: Call

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(items: self) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let items: Items
        private var rest: ArraySlice<Item> = []
        private var cursor: String?
        private var isAtEnd = false

        init(items: Items) {
            self.items = items
        }

        public mutating func next() async throws(PaylinksError) -> Item? {
            while rest.isEmpty, !isAtEnd {
                let page = try await items.page(after: cursor)
                rest = page.data[...]
                cursor = page.cursor
                isAtEnd = !page.hasMore || page.cursor == nil
            }
            return rest.popFirst()
        }
    }

    func page(after cursor: String?) async throws(PaylinksError) -> Page<Item> {
        var call = call
        call.query.append((name: "cursor", value: cursor))
        return try await transport.value(call)
    }
}
