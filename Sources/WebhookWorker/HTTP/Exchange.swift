import NIOCore
import NIOHTTP1
import NIOSSL
import Storage

/// Sends one request and waits for its answer, up to a deadline; then closes the connection.
///
/// Of the answer's body only an excerpt is kept, and a body that dribbles in is not waited for: the status has been said.
final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// How long after its head an answer's body may take.
    private static let bodyPatience = TimeAmount.seconds(1)

    private let request: PostRequest
    private let answer: EventLoopPromise<EndpointAnswer>
    private let deadline: NIODeadline
    /// Before the connection stands, whoever connects tells what goes wrong.
    private var isConnected = false
    private var head: HTTPResponseHead?
    private var excerpt: [UInt8] = []
    private var timer: Scheduled<Void>?

    init(_ request: PostRequest, answer: EventLoopPromise<EndpointAnswer>, deadline: NIODeadline) {
        self.request = request
        self.answer = answer
        self.deadline = deadline
    }

    func channelActive(context: ChannelHandlerContext) {
        isConnected = true
        schedule(deadline, context)
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            schedule(min(deadline, .now() + Self.bodyPatience), context)
        case .body(let bytes):
            excerpt.append(contentsOf: bytes.readableBytesView.prefix(AttemptRecord.excerptLimit - excerpt.count))
            if excerpt.count >= AttemptRecord.excerptLimit { finish(.noAnswer, context) }
        case .end:
            finish(.noAnswer, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.noAnswer, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isOfTLS = error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError
        finish(isOfTLS ? .tlsFailed : .noAnswer, context)
    }

    private func schedule(_ time: NIODeadline, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [weak self] in
            self?.finish(.timedOut, context)
        }
    }

    /// Answers with what has come of the answer, else with the failure. Only the first call counts.
    private func finish(_ failure: AttemptFailure, _ context: ChannelHandlerContext) {
        guard isConnected else { return }
        timer?.cancel()
        timer = nil
        guard let head else {
            answer.fail(failure)
            return context.close(promise: nil)
        }
        answer.succeed(
            .answered(
                status: Int(head.status.code), retryAfter: head.headers.first(name: "Retry-After"),
                excerpt: Self.text(excerpt)))
        context.close(promise: nil)
    }

    /// Text that Postgres takes: without NUL, and cut where a character ends.
    private static func text(_ bytes: [UInt8]) -> String {
        String(String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self).prefix(AttemptRecord.excerptLimit))
    }
}
