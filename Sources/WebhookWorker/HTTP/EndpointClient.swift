package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import PaymentLinks
package import Webhooks

/// Posts to endpoints that may be hostile: one request on one connection, to an address that was checked.
///
/// The name is resolved once, every answer is checked, and the connection goes to exactly such an address; TLS still
/// asks for, and verifies, the name. Redirects are answers like any other. So neither a redirect nor a DNS answer that
/// changes in between leads anywhere else.
package struct EndpointClient: Sendable {
    /// How many of a host's addresses are tried.
    private static let addressLimit = 3

    let resolver: GuardedResolver
    /// What the whole of an attempt may take, looking up the name included.
    let timeout: Duration
    private let group: any EventLoopGroup
    private let tls: NIOSSLContext

    package init(resolver: GuardedResolver, timeout: Duration, tls: NIOSSLContext, group: any EventLoopGroup) {
        self.resolver = resolver
        self.timeout = timeout
        self.tls = tls
        self.group = group
    }

    /// - Parameter isDoubtful: such endpoints' names are looked up apart, so that a dead name server delays them alone.
    package func post(
        _ body: [UInt8], headers: [(name: String, value: String)], to url: WebhookURL, isDoubtful: Bool
    ) async -> EndpointAnswer {
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        do throws(AttemptFailure) {
            let addresses = try await resolver.addresses(of: url.host, isDoubtful: isDoubtful, by: deadline)
            let request = PostRequest(url: url, headers: headers, body: body)
            return try await send(request, to: addresses.prefix(Self.addressLimit), by: deadline)
        } catch {
            return .failed(error)
        }
    }

    private func send(
        _ request: PostRequest, to addresses: ArraySlice<IPAddress>, by deadline: NIODeadline
    ) async throws(AttemptFailure) -> EndpointAnswer {
        var failure = AttemptFailure.connectionFailed
        for address in addresses {
            do throws(AttemptFailure) {
                return try await send(request, to: address, by: deadline)
            } catch .connectionFailed {
                failure = .connectionFailed
            } catch {
                failure = error
                break
            }
        }
        throw failure
    }

    private func send(
        _ request: PostRequest, to address: IPAddress, by deadline: NIODeadline
    ) async throws(AttemptFailure) -> EndpointAnswer {
        let remaining = deadline - .now()
        guard remaining > .zero else { throw .timedOut }
        guard let socketAddress = address.socketAddress(port: request.url.port) else { throw .connectionFailed }
        let loop = group.next()
        let answer = loop.makePromise(of: EndpointAnswer.self)
        ClientBootstrap(group: loop)
            .connectTimeout(remaining)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try self.addHandlers(to: channel, request, answer: answer, by: deadline)
                }
            }
            .connect(to: socketAddress)
            .whenFailure { answer.fail(AttemptFailure(connecting: $0)) }
        do {
            return try await answer.futureResult.get()
        } catch let failure as AttemptFailure {
            throw failure
        } catch {
            throw .noAnswer
        }
    }

    private func addHandlers(
        to channel: any Channel, _ request: PostRequest, answer: EventLoopPromise<EndpointAnswer>,
        by deadline: NIODeadline
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if request.url.isSecure {
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: request.url.name))
        }
        try pipeline.addHandler(HTTPRequestEncoder())
        try pipeline.addHandler(
            ByteToMessageHandler(
                HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop)))
        try pipeline.addHandler(Exchange(request, answer: answer, deadline: deadline))
    }
}
