/// A first-in, first-out queue whose two ends cost the same, however long it is.
struct Queue<Element: Sendable>: Sendable {
    private var elements: [Element?] = []
    private var head = 0

    /// Gaps at the front are closed when they are this many and at least half of the storage.
    private static var gapLimit: Int { 64 }

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }

    var first: Element? { isEmpty ? nil : elements[head] }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard let first else { return nil }
        elements[head] = nil
        head += 1
        closeGap()
        return first
    }

    /// Changes the first element where it lies, if there is one.
    mutating func updateFirst(_ change: (inout Element) -> Void) {
        guard var first else { return }
        elements[head] = nil
        change(&first)
        elements[head] = first
    }

    /// Removes and returns everything, oldest first.
    mutating func removeAll() -> [Element] {
        defer { self = Queue() }
        return elements.dropFirst(head).compactMap { $0 }
    }

    private mutating func closeGap() {
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= Self.gapLimit, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
    }
}
