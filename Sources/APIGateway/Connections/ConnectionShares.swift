import Logging
import Metrics
import NIOCore
import PaymentLinks
import Synchronization

/// Keeps one address from holding every connection of the gateway.
final class ConnectionShares: Sendable {
    private let counts: Mutex<ConnectionCounts>
    private let isProxy: @Sendable (IPAddress) -> Bool
    private let refused = Counter(
        label: "paylinks_connections_refused_total", dimensions: [("reason", "address_share")])
    private let logger: Logger

    init(_ limits: ConnectionCounts.Limits, isProxy: @escaping @Sendable (IPAddress) -> Bool, logger: Logger) {
        counts = Mutex(ConnectionCounts(limits))
        self.isProxy = isProxy
        self.logger = logger
    }

    /// Counts a connection until it closes; false when its address holds as many as it can.
    ///
    /// A connection without an IP address is not counted.
    func take(for channel: any Channel) -> Bool {
        guard let address = channel.remoteAddress?.ipAddress.flatMap({ IPAddress($0) }) else { return true }
        let decision = counts.withLock { $0.take(address, isProxy: isProxy(address)) }
        if case .refused(let limit, let isFirst) = decision {
            refused.increment()
            if isFirst { report(address, limit) }
            return false
        }
        channel.closeFuture.whenComplete { [self] _ in counts.withLock { $0.release(address) } }
        return true
    }

    private func report(_ address: IPAddress, _ limit: Int) {
        logger.warning(
            "an address holds as many connections as it can; its further ones are closed",
            metadata: ["address": "\(address)", "limit": "\(limit)"])
    }
}
