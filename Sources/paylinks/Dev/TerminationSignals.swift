import Dispatch
import Glibc
import PrivateServers
import Synchronization

/// SIGINT, SIGTERM and SIGHUP, taken as the wish to end in good order.
enum TerminationSignals {
    private enum Ending<Value: Sendable>: Sendable {
        case returned(Value)
        case signalled
    }

    /// Runs `body`, and cancels it at the first signal. Its end is still awaited, and what it returns or throws
    /// is the outcome; `nil` if it was cut short.
    ///
    /// The same signal once more ends the process at once; what it has started ends with it. Another one does not, for
    /// a terminal's Ctrl-C reaches us beside the script that started us, which then asks us to end in its own way.
    static func untilSignalled<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        let listener = Listener()
        defer { listener.cancel() }
        let signals = listener.signals
        return try await withThrowingTaskGroup(of: Ending<Value>.self) { group in
            group.addTask { .returned(try await body()) }
            group.addTask {
                var iterator = signals.makeAsyncIterator()
                _ = await iterator.next()
                return .signalled
            }
            let first = try await group.next()
            group.cancelAll()
            if case .returned(let value) = first { return value }
            return try await endAfterSignal(&group)
        }
    }

    /// Waits for the body, and takes its complaint about being cancelled for the orderly end that it is.
    private static func endAfterSignal<Value>(
        _ group: inout ThrowingTaskGroup<Ending<Value>, any Error>
    ) async throws -> Value? {
        do {
            guard case .returned(let value) = try await group.next() else { return nil }
            return value
        } catch is CancellationError {
            return nil
        } catch PrivateServerError.cancelled {
            return nil
        }
    }
}

/// Listens for the three signals for as long as it lives.
private struct Listener {
    let signals: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let queue = DispatchQueue(label: "signals")
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.signals = signals
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        let seen = Mutex<Set<Int32>>([])
        for (number, source) in zip([SIGINT, SIGTERM, SIGHUP], sources) {
            source.setEventHandler {
                let isNew = seen.withLock { $0.insert(number).inserted }
                if !isNew { _exit(128 + number) }
                continuation.yield(number)
            }
            source.resume()
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
    }
}
