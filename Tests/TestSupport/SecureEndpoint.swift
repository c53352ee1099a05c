import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An endpoint by HTTPS at an address of the loopback network: it takes everything, and counts who connects.
package final class SecureEndpoint: Sendable {
    /// A name that its certificate is good for.
    package static let name = "hooks.example.com"

    private let channel: any Channel
    private let count: Counter

    private final class Counter: Sendable {
        let connections = Atomic<Int>(0)
        let requests = Atomic<Int>(0)
    }

    /// - Parameter port: a free one unless given.
    package static func start(at address: String = "127.0.0.1", port: Int = 0) async throws -> SecureEndpoint {
        let count = Counter()
        let certificate = try NIOSSLCertificate(bytes: Array(TestCertificates.endpoint.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(TestCertificates.endpointKey.utf8), format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                count.connections.add(1, ordering: .relaxed)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        TakingHandler { count.requests.add(1, ordering: .relaxed) })
                }
            }
            .bind(host: address, port: port).get()
        return SecureEndpoint(channel, count)
    }

    private init(_ channel: any Channel, _ count: Counter) {
        self.channel = channel
        self.count = count
    }

    package var port: Int { channel.localAddress?.port ?? 0 }
    package var connections: Int { count.connections.load(ordering: .relaxed) }

    /// How many requests have come through whole.
    package var requests: Int { count.requests.load(ordering: .relaxed) }

    package func stop() async {
        try? await channel.close().get()
    }
}

private final class TakingHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let note: () -> Void

    init(note: @escaping () -> Void) {
        self.note = note
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        note()
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
