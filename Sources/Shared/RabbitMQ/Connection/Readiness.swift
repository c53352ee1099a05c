internal import CLinux

/// Waiting for a socket and an inbox at once, with one blocking call on the driver's own thread. (`poll(2)`)
enum Readiness {
    /// Returns when the inbox has something, the socket can be read, or written if that is wanted, or time is up.
    /// A descriptor of -1 is not waited for.
    static func wait(socket: Int32, orWrite wantsWrite: Bool = false, inbox: Int32, atMost timeout: Duration) {
        let events = Int16(wantsWrite ? POLLIN | POLLOUT : POLLIN)
        var descriptors = [
            pollfd(fd: socket, events: events, revents: 0), pollfd(fd: inbox, events: Int16(POLLIN), revents: 0),
        ]
        unsafe _ = poll(&descriptors, 2, Int32(clamping: timeout.milliseconds))
    }

    /// Whether the socket takes more without blocking.
    static func isWritable(_ socket: Int32) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&descriptor, 1, 0) > 0
    }
}
