import NIOCore
import Synchronization

/// Barks once, when it was not fed for as long as its patience lasts.
///
/// Feeding it sets no alarm of its own: the alarm that rings too early is set again for the rest.
final class Watchdog: Sendable {
    private struct State {
        var lastFed = NIODeadline.now()
        var alarm: Scheduled<Void>?
        var isOver = false
    }

    private let patience: TimeAmount
    private let loop: any EventLoop
    private let state = Mutex(State())

    init(patience: TimeAmount, on loop: any EventLoop) {
        self.patience = patience
        self.loop = loop
    }

    func feed() { state.withLock { $0.lastFed = .now() } }

    func start(_ bark: @escaping @Sendable () -> Void) {
        let end = state.withLock { $0.lastFed } + patience
        let alarm = loop.scheduleTask(deadline: end) { [self] in ring(bark) }
        let isOver = state.withLock { state in
            state.alarm = alarm
            return state.isOver
        }
        if isOver { alarm.cancel() }
    }

    /// It barks no more.
    func stop() {
        let alarm = state.withLock { state in
            state.isOver = true
            return state.alarm
        }
        alarm?.cancel()
    }

    private func ring(_ bark: @escaping @Sendable () -> Void) {
        let (isOver, lastFed) = state.withLock { ($0.isOver, $0.lastFed) }
        if isOver { return }
        if lastFed + patience > .now() { start(bark) } else { bark() }
    }
}
