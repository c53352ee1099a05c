import Glibc
import Testing
import Threading

@Suite("Inbox")
struct InboxTests {
    /// Whether the driver's `poll` would return at once.
    private func wakes<Element>(_ inbox: Inbox<Element>) -> Bool {
        var descriptor = pollfd(fd: inbox.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&descriptor, 1, 0) == 1
    }

    @Test func `what piles up is taken at once, oldest first, and wakes the thread until then`() {
        let inbox = Inbox<Int>(capacity: 4)
        #expect(!wakes(inbox))
        #expect(inbox.offer(1) == .accepted)
        #expect(inbox.offer(contentsOf: [2, 3]) == .accepted)
        #expect(wakes(inbox))
        #expect(inbox.takeAll() == [1, 2, 3])
        #expect(!wakes(inbox))
        #expect(inbox.takeAll().isEmpty)
    }

    @Test func `a full inbox takes all of an offer or none of it`() {
        let inbox = Inbox<Int>(capacity: 3)
        #expect(inbox.offer(contentsOf: [1, 2]) == .accepted)
        #expect(inbox.offer(contentsOf: [3, 4]) == .full)
        #expect(inbox.offer(3) == .accepted)
        #expect(inbox.offer(4) == .full)
        #expect(inbox.takeAll() == [1, 2, 3])
        #expect(inbox.offer(4) == .accepted)
    }

    @Test func `a closed inbox refuses, wakes the thread, and still gives what it holds`() {
        let inbox = Inbox<Int>(capacity: 3)
        #expect(inbox.offer(1) == .accepted)
        inbox.close()
        #expect(inbox.isClosed && wakes(inbox))
        #expect(inbox.offer(2) == .closed)
        #expect(inbox.takeAll() == [1])
    }
}
