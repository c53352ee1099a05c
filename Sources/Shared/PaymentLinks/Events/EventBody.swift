/// The body of an event, as readers with different permissions see it.
package enum EventBody {
    /// The members of wallet events that show what a wallet has or owes.
    private static let balances: Set<String> = ["newBalance", "debt", "previousDebt"]
    private static let walletEvents = "wallet."

    /// The same event for a reader without wallets:read: every balance of a wallet event is null.
    ///
    /// Other events stay as they are, byte by byte, whatever their metadata contains.
    package static func withoutBalances(_ body: String) -> String {
        guard let event = (try? JSONDocument(Array(body.utf8)))?.root, let members = event.members,
            event["event"]?.string?.hasPrefix(walletEvents) ?? false
        else { return body }
        return rewritten(members) { name, value, writer in
            guard name == "data", let data = value.members else { return writer.field(named: name, json: value.text) }
            writer.field(
                named: name,
                json: rewritten(data) { name, value, writer in
                    writer.field(named: name, json: balances.contains(name) ? "null" : value.text)
                })
        }
    }

    private static func rewritten(
        _ members: [(name: String, value: JSONElement)],
        _ write: (_ name: String, _ value: JSONElement, _ writer: inout JSONWriter) -> Void
    ) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in members { write(name, value, &writer) }
        }
        return writer.text
    }
}

extension JSONElement {
    /// The value as JSON text.
    fileprivate var text: String { String(decoding: json, as: UTF8.self) }
}
