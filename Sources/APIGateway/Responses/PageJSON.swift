import Hummingbird
import PaymentLinks
import Storage

extension Page {
    /// A list's answer: the items, and where the next page starts, if there is one.
    func response(
        cursor: (Item) -> UInt128, _ write: (inout JSONWriter, Item) -> Void
    ) -> Response {
        let next = hasMore ? items.last.map { Cursor.text(cursor($0)) } : nil
        let body = JSONWriter.object { writer in
            writer.field("data", array: items) { writer, item in
                writer.object { write(&$0, item) }
            }
            writer.field("cursor", next)
            writer.field("hasMore", hasMore)
        }
        return Response(status: .ok, json: body)
    }
}
