/// A queue with constant-time access to both ends and by position, for one owner.
struct Fifo<Element> {
    private var storage: [Element?] = []
    private var head = 0

    var count: Int { storage.count - head }
    var isEmpty: Bool { count == 0 }
    var first: Element? { isEmpty ? nil : storage[head] }

    /// The element at a distance from the front.
    subscript(position: Int) -> Element? {
        storage[head + position]
    }

    mutating func append(_ element: Element) {
        storage.append(element)
    }

    mutating func replace(at position: Int, with element: Element) {
        storage[head + position] = element
    }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = storage[head]
        storage[head] = nil
        head += 1
        compact()
        return element
    }

    mutating func removeAll() -> [Element] {
        defer { self = Fifo() }
        return storage[head...].compactMap(\.self)
    }

    /// Moves the elements to the front once half of the storage is spent: constant time per element.
    private mutating func compact() {
        if head == storage.count {
            storage.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64 && head * 2 >= storage.count {
            storage.removeFirst(head)
            head = 0
        }
    }
}
