import CEpoll
import Glibc

/// Tells which sockets have something to read, each time that more has come. (epoll(7), edge-triggered)
struct Poller: ~Copyable {
    private let descriptor: Int32
    private var events = [epoll_event](repeating: epoll_event(), count: 512)

    init() throws(SystemError) {
        descriptor = try SystemError.check("epoll_create1", epoll_create1(0))
    }

    deinit {
        close(descriptor)
    }

    /// Watches a socket until it is closed; `number` is what it is told by.
    func watch(_ socket: Int32, as number: Int) throws(SystemError) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        event.data.u64 = UInt64(number)
        _ = try SystemError.check("epoll_ctl", epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event))
    }

    /// Waits at most that long for any of them, and returns how many are ready.
    mutating func wait(nanoseconds: UInt64) throws(SystemError) -> Int {
        var pause = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        let count = epoll_pwait2(descriptor, &events, Int32(events.count), &pause, nil)
        if count < 0, errno == EINTR { return 0 }
        return Int(try SystemError.check("epoll_pwait2", count))
    }

    /// The number of one of those that the last wait found ready.
    func ready(_ index: Int) -> Int { Int(events[index].data.u64) }
}

/// A call of the system that failed.
struct SystemError: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// What the call returned, unless it is the sign of a failure.
    static func check(_ call: String, _ result: Int32) throws(SystemError) -> Int32 {
        guard result >= 0 else { throw SystemError(call: call, code: errno) }
        return result
    }
}
