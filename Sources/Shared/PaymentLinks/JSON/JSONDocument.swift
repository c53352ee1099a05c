/// A JSON text that has been checked in whole, and in which values are found without copying them out first.
///
/// Requests, jobs and replies are read on the hot path, a few named fields each. So parsing makes one flat list of
/// where every value begins and ends; only what is asked for becomes a string, a number or an id. (RFC 8259)
package struct JSONDocument: Sendable {
    /// One value: its kind, its bytes, and how many nodes it and everything inside it take up.
    struct Node: Sendable {
        enum Kind: UInt8, Sendable { case null, boolean, number, string, array, object }

        let kind: Kind
        /// Whether a string has escapes, so that its bytes are not its text yet.
        let hasEscapes: Bool
        /// The value's bytes; a string's without its quotes.
        let start: Int32
        var end: Int32
        /// The nodes of this value: 1 and those inside it. An object's members are a string node and a value each.
        var size: Int32
    }

    /// The deepest nesting that is read; what callers and workers send has a depth of four.
    static let depthLimit = 64

    let bytes: [UInt8]
    let nodes: [Node]

    /// Checks and indexes the whole text, or throws where and why it is no JSON.
    package init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes)
        try parser.parse()
        self.bytes = bytes
        nodes = parser.nodes
    }

    /// The text `{}`.
    package static let emptyObject = JSONDocument(
        bytes: Array("{}".utf8), nodes: [Node(kind: .object, hasEscapes: false, start: 0, end: 2, size: 1)])

    private init(bytes: [UInt8], nodes: [Node]) {
        self.bytes = bytes
        self.nodes = nodes
    }

    /// The value that the text is.
    package var root: JSONElement { JSONElement(document: self, index: 0) }
}

/// Why a text is no JSON, and at which byte.
package struct JSONSyntaxError: Error, Sendable, Hashable {
    package let offset: Int
    /// What is wrong, in words that repeat nothing of the text.
    package let reason: String
}
