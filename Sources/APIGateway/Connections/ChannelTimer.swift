import NIOCore

/// Something of a connection's that is due later, if anything is. It is to be used on the connection's event loop.
struct ChannelTimer {
    private var task: Scheduled<Void>?

    var isRunning: Bool { task != nil }

    /// Starts, in the place of what was due before.
    mutating func start(in delay: TimeAmount, on context: ChannelHandlerContext, _ body: @escaping () -> Void) {
        task?.cancel()
        task = context.eventLoop.assumeIsolated().scheduleTask(in: delay, body)
    }

    mutating func stop() {
        task?.cancel()
        task = nil
    }
}
