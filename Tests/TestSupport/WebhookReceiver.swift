import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A customer's endpoint: takes every request, remembers it, and answers as its test says.
package final class WebhookReceiver: Sendable {
    /// One request as it came.
    package struct Received: Sendable {
        package let method: String
        package let target: String
        package let headers: [String: String]
        package let body: [UInt8]
        package let receivedAt: ContinuousClock.Instant

        package var json: JSONValue { (try? JSONValue(body)) ?? .null }

        /// A header's value, by its name in lower case.
        package func header(_ name: String) -> String? { headers[name] }
    }

    /// What to answer; without a status nothing is answered at all.
    package struct Reply: Sendable {
        package let status: Int?
        package let headers: [String: String]
        package let body: String
        /// Whether the body comes to its end; one that does not keeps its caller waiting.
        package let isWhole: Bool
        /// Whether it is kept back until `answerHeld`.
        package let isHeld: Bool

        package init(
            _ status: Int?, headers: [String: String] = [:], body: String = "", isWhole: Bool = true,
            isHeld: Bool = false
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.isWhole = isWhole
            self.isHeld = isHeld
        }
    }

    private struct Taken {
        var requests: [Received] = []
        var ids: Set<String> = []
    }

    private let taken = Mutex(Taken())
    private let reply: @Sendable (Int) -> Reply
    private let channel = Mutex<(any Channel)?>(nil)
    private let held = Mutex<[@Sendable () -> Void]>([])

    /// Starts to listen on a free port. The closure is told how many requests came before.
    package static func start(_ reply: @escaping @Sendable (Int) -> Reply = { _ in Reply(200) }) async throws
        -> WebhookReceiver
    {
        let receiver = WebhookReceiver(reply: reply)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ReceiverHandler(receiver))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        receiver.channel.withLock { $0 = channel }
        return receiver
    }

    private init(reply: @escaping @Sendable (Int) -> Reply) {
        self.reply = reply
    }

    package var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }
    package var url: String { "http://127.0.0.1:\(port)/hook" }
    package var received: [Received] { taken.withLock { $0.requests } }
    /// How many different events have come.
    package var eventCount: Int { taken.withLock { $0.ids.count } }

    /// Sends every answer that was held back.
    package func answerHeld() {
        let answers = held.withLock { held in
            defer { held = [] }
            return held
        }
        for answer in answers { answer() }
    }

    fileprivate func hold(_ answer: @escaping @Sendable () -> Void) {
        held.withLock { $0.append(answer) }
    }

    package func stop() async {
        try? await channel.withLock { $0 }?.close().get()
    }

    fileprivate func take(_ request: Received) -> Reply {
        let number = taken.withLock { taken in
            taken.requests.append(request)
            if let id = request.header("webhook-id") { taken.ids.insert(id) }
            return taken.requests.count - 1
        }
        return reply(number)
    }
}

private final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let receiver: WebhookReceiver
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ receiver: WebhookReceiver) {
        self.receiver = receiver
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let names = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $0 + ", " + $1 }
        let reply = receiver.take(
            .init(method: head.method.rawValue, target: head.uri, headers: names, body: body, receivedAt: .now))
        body = []
        guard reply.isHeld else { return send(reply, context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        receiver.hold {
            loop.execute {
                let (handler, context) = bound.value
                handler.send(reply, context)
            }
        }
    }

    private func send(_ reply: WebhookReceiver.Reply, _ context: ChannelHandlerContext) {
        guard let status = reply.status else { return }
        var headers = HTTPHeaders(reply.headers.map { ($0.key, $0.value) })
        headers.add(name: "content-length", value: String(reply.body.utf8.count + (reply.isWhole ? 0 : 1)))
        let response = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
        guard reply.isWhole else { return }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
