import HTTPTypes
import NIOCore
import PaymentLinks

/// Refuses hot requests before they are parsed, while the gateway has as much in hand as it may take.
///
/// Under a flood most requests are refused, and parsing them would take the time that the others need. It stands in
/// front of the parser and refuses only what it can tell apart beyond doubt: a plain request, whole in one read, on a
/// connection all of whose reads have been whole requests, with nothing before it unanswered. Everything else is for
/// the parser, and is refused behind it.
final class OverloadValve: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shedding: LoadShedding
    private let express: ExpressHandler
    private let metrics: RequestMetrics
    /// Whether the parser holds no part of a request.
    private var isAligned = true

    init(_ lane: ExpressLane, before express: ExpressHandler) {
        shedding = lane.shedding
        metrics = lane.metrics
        self.express = express
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard isAligned, let request = PlainRequest(bytes.readableBytesUInt8Span),
            request.length == bytes.readableBytes
        else {
            isAligned = false
            return context.fireChannelRead(data)
        }
        guard let method = request.hotMethod, shedding.isFull, express.isIdle else {
            return context.fireChannelRead(data)
        }
        refuse(HTTPRequest.Method(method), context)
    }

    private func refuse(_ method: HTTPRequest.Method, _ context: ChannelHandlerContext) {
        shedding.refuse()
        metrics.record(route: "unread", method: method, status: 503, duration: .zero)
        context.writeAndFlush(wrapOutboundOut(Self.answer()), promise: nil)
    }

    // MARK: - The refusal

    /// The refusal as it is behind the parser, but for what differs from one to the next.
    private static let (head, body) = {
        let answer = ErrorEnvelope.answer(to: Refusal.overloaded)
        var head = "HTTP/1.1 \(answer.status.code) \(answer.status.reasonPhrase)\r\n"
        for field in answer.headers { head += "\(field.name.canonicalName): \(field.value)\r\n" }
        return (head + "content-length: \(answer.json.count)\r\n", answer.json)
    }()

    private static func answer() -> ByteBuffer {
        var generator = PooledRandomNumberGenerator()
        var buffer = ByteBuffer()
        buffer.reserveCapacity(head.utf8.count + body.count + 128)
        buffer.writeString(head)
        buffer.writeString("request-id: ")
        buffer.writeString(RequestID.make(from: nil, using: &generator))
        buffer.writeString("\r\ndate: ")
        buffer.writeString(HTTPDate.now())
        buffer.writeString("\r\n\r\n")
        buffer.writeBytes(body)
        return buffer
    }
}

extension HTTPRequest.Method {
    fileprivate init(_ method: PlainRequest.Method) {
        switch method {
        case .get: self = .get
        case .post: self = .post
        }
    }
}
