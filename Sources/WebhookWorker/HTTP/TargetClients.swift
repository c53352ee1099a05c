import AsyncHTTPClient
import NIOCore
import NIOSSL
import PaymentLinks
import Synchronization

/// HTTP clients that connect to one checked address each.
///
/// A client's table of names is fixed when it is made, so every target has clients of its own. One is lent to one
/// attempt at a time: a connection that cannot be made fails all requests that wait in its client, and no attempt may
/// fail by another's misfortune. Those that have brought an answer are kept for the next attempt, with the TLS context
/// that they have built; the longest unused give way.
final class TargetClients: Sendable {
    /// How many unused clients are kept.
    private static let limit = 256

    private struct State {
        /// The longest unused first.
        var unused: [(target: CheckedTarget, client: HTTPClient)] = []
        var isShutDown = false
    }

    private let group: any EventLoopGroup
    private let tls: TLSConfiguration
    private let connectTimeout: @Sendable (CheckedTarget) -> TimeAmount
    private let state = Mutex(State())

    /// - Parameter connectTimeout: how long a connection with its TLS handshake is waited for.
    init(
        group: any EventLoopGroup, tls: TLSConfiguration,
        connectTimeout: @escaping @Sendable (CheckedTarget) -> TimeAmount
    ) {
        self.group = group
        self.tls = tls
        self.connectTimeout = connectTimeout
    }

    /// A client that is the caller's alone, until it is kept or dropped.
    func lend(for target: CheckedTarget) -> HTTPClient {
        let unused = state.withLock { state in
            state.unused.lastIndex { $0.target == target }.map { state.unused.remove(at: $0).client }
        }
        return unused ?? HTTPClient(eventLoopGroup: group, configuration: configuration(for: target))
    }

    /// Takes back a client whose request was answered.
    func keep(_ client: HTTPClient, for target: CheckedTarget) {
        let surplus: HTTPClient? = state.withLock { state in
            guard !state.isShutDown else { return client }
            state.unused.append((target, client))
            return state.unused.count > Self.limit ? state.unused.removeFirst().client : nil
        }
        if let surplus { drop(surplus) }
    }

    /// Closes a client with its pending connections, without waiting.
    func drop(_ client: HTTPClient) {
        _ = client.shutdown()
    }

    /// Closes what is kept; what comes back later is closed at once.
    func shutdown() async {
        let unused = state.withLock { state in
            defer { state.unused = [] }
            state.isShutDown = true
            return state.unused
        }
        for (_, client) in unused { try? await client.shutdown() }
    }

    /// Nothing is followed, unpacked, sent through another, or tried again.
    private func configuration(for target: CheckedTarget) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow, timeout: .init(connect: connectTimeout(target)),
            connectionPool: .init(idleTimeout: .seconds(1), concurrentHTTP1ConnectionsPerHostSoftLimit: 1),
            proxy: nil, decompression: .disabled)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = target.nameTable
        configuration.http1_1ConnectionDebugInitializer = { Self.check($0, leadsTo: target.address) }
        return configuration
    }

    /// Nothing is sent on a connection to any other address, however it came about.
    private static func check(_ channel: any Channel, leadsTo address: IPAddress) -> EventLoopFuture<Void> {
        guard let peer = channel.remoteAddress?.ipAddress.flatMap({ IPAddress($0) }), peer == address else {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(AttemptFailure.addressNotAllowed)
        }
        return channel.eventLoop.makeSucceededVoidFuture()
    }
}
