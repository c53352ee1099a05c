/// Which published messages the broker has yet to confirm, and what became of the others.
///
/// Pure bookkeeping: no I/O, no clock. A message that no queue took is first returned and then confirmed, perhaps
/// along with others by one `multiple` ack, so a return is noted under its number until its confirm comes.
package struct ConfirmWindow<Element> {
    /// One message's end.
    package struct Resolved {
        package let element: Element
        package let result: Result<Void, RabbitMQError>
    }

    private struct Entry {
        let tag: UInt64
        let element: Element
    }

    private var entries = TagWindow<Entry>()
    private var returns: [UInt64: RabbitMQError] = [:]
    /// The most messages that may be outstanding.
    package let capacity: Int

    package init(capacity: Int) {
        precondition(capacity > 0, "a confirm window needs room for at least one message")
        self.capacity = capacity
    }

    package var count: Int { entries.count }
    package var hasRoom: Bool { entries.count < capacity }
    /// The number that the next message will have.
    package var nextTag: UInt64 { entries.nextTag }

    /// Notes a message as sent, and gives its number.
    @discardableResult
    package mutating func append(_ element: Element) -> UInt64 {
        entries.append(Entry(tag: entries.nextTag, element: element))
    }

    /// The outstanding message under a number.
    package subscript(tag: UInt64) -> Element? { entries[tag]?.element }

    /// Notes that the broker handed a message back; its confirm is still to come.
    package mutating func noteReturn(_ tag: UInt64, replyCode: Int, replyText: String) {
        guard entries[tag] != nil else { return }
        returns[tag] = .returned(replyCode: replyCode, replyText: replyText)
    }

    /// Takes an ack, or a nack, and gives every message that it resolves. Unknown numbers resolve nothing.
    package mutating func resolve(_ tag: UInt64, isMultiple: Bool, isAck: Bool) -> [Resolved] {
        // Zero with `multiple` means all that is outstanding.
        let last = tag == 0 && isMultiple ? UInt64.max : tag
        let ended = isMultiple ? entries.removeAll(through: last) : entries.remove(tag).map { [$0] } ?? []
        return ended.map { entry in
            Resolved(element: entry.element, result: result(of: entry.tag, isAck: isAck))
        }
    }

    /// Takes out every outstanding message, oldest first, and restarts the numbering: the channel is gone.
    package mutating func removeAll() -> [Element] {
        defer { self = ConfirmWindow(capacity: capacity) }
        return entries.removeAll().map(\.element)
    }

    private mutating func result(of tag: UInt64, isAck: Bool) -> Result<Void, RabbitMQError> {
        if let returned = returns.removeValue(forKey: tag) { return .failure(returned) }
        return isAck ? .success(()) : .failure(.nacked)
    }
}
