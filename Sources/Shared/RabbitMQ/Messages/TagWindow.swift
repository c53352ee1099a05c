internal import DequeModule

/// What is outstanding under consecutive numbers: AMQP's delivery tags, in either direction.
///
/// Numbers start at 1 and are resolved singly or all up to one; each element comes out exactly once.
package struct TagWindow<Element> {
    private var slots: Deque<Element?> = []
    private var firstTag: UInt64 = 1
    /// How many elements are outstanding.
    package private(set) var count = 0

    package init() {}

    /// The number that the next element will get.
    package var nextTag: UInt64 { firstTag + UInt64(slots.count) }

    /// Puts an element in and gives its number.
    @discardableResult
    package mutating func append(_ element: Element) -> UInt64 {
        defer { count += 1 }
        let tag = nextTag
        slots.append(element)
        return tag
    }

    /// The element under a number, if it is outstanding.
    package subscript(tag: UInt64) -> Element? {
        position(of: tag).flatMap { slots[$0] }
    }

    /// Takes out the element under a number; `nil` if it is not outstanding.
    package mutating func remove(_ tag: UInt64) -> Element? {
        guard let position = position(of: tag), let element = self[tag] else { return nil }
        slots[position] = nil
        count -= 1
        trim()
        return element
    }

    /// Takes out every outstanding element up to and including a number, lowest first.
    package mutating func removeAll(through tag: UInt64) -> [Element] {
        var removed: [Element] = []
        while !slots.isEmpty, firstTag <= tag {
            if let element = slots.popFirst() ?? nil { removed.append(element) }
            firstTag += 1
        }
        count -= removed.count
        trim()
        return removed
    }

    /// Takes out everything outstanding, lowest number first.
    package mutating func removeAll() -> [Element] {
        removeAll(through: .max)
    }

    private func position(of tag: UInt64) -> Int? {
        guard tag >= firstTag, tag < nextTag else { return nil }
        return Int(tag - firstTag)
    }

    /// Keeps the front outstanding, so that a long-lived window does not grow.
    private mutating func trim() {
        while let front = slots.first, front == nil {
            _ = slots.popFirst()
            firstTag += 1
        }
    }
}
