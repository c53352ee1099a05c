import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An endpoint by HTTPS at an address of the loopback network: it takes everything, and counts who connects.
final class SecureEndpoint: Sendable {
    /// The only name that its certificate is good for.
    static let name = "hooks.example.com"

    private let channel: any Channel
    private let count: Counter

    private final class Counter: Sendable {
        let connections = Atomic<Int>(0)
    }

    /// - Parameter port: a free one unless given.
    static func start(at address: String = "127.0.0.1", port: Int = 0) async throws -> SecureEndpoint {
        let count = Counter()
        let certificate = try NIOSSLCertificate(bytes: Array(SecureEndpoint.certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(SecureEndpoint.key.utf8), format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                count.connections.add(1, ordering: .relaxed)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(TakingHandler())
                }
            }
            .bind(host: address, port: port).get()
        return SecureEndpoint(channel, count)
    }

    private init(_ channel: any Channel, _ count: Counter) {
        self.channel = channel
        self.count = count
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var connections: Int { count.connections.load(ordering: .relaxed) }

    func stop() async {
        try? await channel.close().get()
    }

    /// A client's trust in this endpoint, and in nobody else.
    static func trust() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([
            try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem)
        ])
        return try NIOSSLContext(configuration: configuration)
    }

    /// Made for these tests, good for a century, and nobody's secret.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBrTCCAVOgAwIBAgIUegIMUqnjFF21u9vcZHo+D5Wa4tMwCgYIKoZIzj0EAwIw
        HDEaMBgGA1UEAwwRaG9va3MuZXhhbXBsZS5jb20wIBcNMjYxMTI0MTQwNzE3WhgP
        MjEyNjEwMzExNDA3MTdaMBwxGjAYBgNVBAMMEWhvb2tzLmV4YW1wbGUuY29tMFkw
        EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEwyr34r7IM7/CC6rUgrH0KnMcwNh7PqSD
        8GlEjBX5OrDSmTWBCGehQ/0pfFUJj1QGyfvxbjnOv8mtFj/jK+iBzqNxMG8wHQYD
        VR0OBBYEFMoTvVBsFfCnwJzKZhcgyO/4tsJDMB8GA1UdIwQYMBaAFMoTvVBsFfCn
        wJzKZhcgyO/4tsJDMA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0RBBUwE4IRaG9va3Mu
        ZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDSAAwRQIhANxWrFZLnRv7gnVZ0v1/2OC6
        xpDbkDpUyFPbpadDR9LIAiBfZsIBD5T6SXZq4zH7+X/b3FwC7Y7tVeD1jIlsijtN
        gQ==
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpEb6fFLufxQFbudN
        nGHPF4yq+8U1JzzcCGEOsgXhDCehRANCAATDKvfivsgzv8ILqtSCsfQqcxzA2Hs+
        pIPwaUSMFfk6sNKZNYEIZ6FD/Sl8VQmPVAbJ+/FuOc6/ya0WP+Mr6IHO
        -----END PRIVATE KEY-----
        """
}

private final class TakingHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
