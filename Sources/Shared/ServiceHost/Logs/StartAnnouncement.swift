import Logging
import Synchronization

/// Writes `service started` once every port that was expected is open, with the ports as metadata.
///
/// The starter of a process with port 0 learns from that line which ports it got.
package final class StartAnnouncement: Sendable {
    private struct State {
        var expected: Set<String> = []
        var bound: [String: Int] = [:]
        var isMade = false
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// Holds the line back until this port is open.
    ///
    /// - Parameter name: the key in the line, like `port`.
    /// - Returns: to be called with the port in use.
    package func expectPort(_ name: String) -> @Sendable (Int) -> Void {
        state.withLock { _ = $0.expected.insert(name) }
        return { [self] port in report(name, port) }
    }

    private func report(_ name: String, _ port: Int) {
        let complete = state.withLock { state -> [String: Int]? in
            state.bound[name] = port
            guard !state.isMade, state.expected.isSubset(of: state.bound.keys) else { return nil }
            state.isMade = true
            return state.bound
        }
        if let complete { announce(complete) }
    }

    private func announce(_ ports: [String: Int]) {
        var metadata: Logger.Metadata = ["version": "\(Release.version)"]
        for (name, port) in ports { metadata[name] = .stringConvertible(port) }
        logger.info("service started", metadata: metadata)
    }
}
