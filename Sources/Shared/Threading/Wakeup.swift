internal import CLinux

/// A file descriptor that becomes readable when another thread has something to say.
///
/// A driver thread puts `descriptor` into its `poll` set beside its socket, so one blocking call waits for both.
/// Signals coalesce: any number of them before a `clear()` wake the thread once. (`eventfd(2)`)
package struct Wakeup: ~Copyable, Sendable {
    /// The descriptor to poll for `POLLIN`. It stays valid for as long as this value lives.
    package let descriptor: Int32

    /// Traps when the process is out of file descriptors, for no driver can run without one.
    package init() {
        descriptor = paylinks_eventfd_open()
        precondition(descriptor >= 0, "eventfd failed: the process is out of file descriptors")
    }

    deinit {
        _ = close(descriptor)
    }

    /// Wakes the thread that polls, now or at its next poll. Callable from any thread. (`eventfd_write`)
    package func signal() {
        _ = paylinks_eventfd_signal(descriptor)
    }

    /// Takes back every signal so far. (`eventfd_read`)
    package func clear() {
        _ = paylinks_eventfd_clear(descriptor)
    }
}
