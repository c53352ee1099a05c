import HTTPTypes
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Closes a connection whose other end takes too long over a body, so that no peer can block the gateway by being
/// slow; and answers in the one envelope what is no HTTP.
///
/// Only time in which the gateway itself waits for the peer counts: while it reads no further of its own accord, as a
/// full batch does, the peer is not late. Idle connections, and heads that never become whole, are `ExpressHandler`'s
/// business.
package final class PeerWatch: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias InboundOut = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    private var patience: BodyPatience
    private let timeout: TimeAmount
    private var bodyTimer = ChannelTimer()
    private var isMalformed = false

    /// - Parameter timeout: how long the peer may take over 64 KiB of a body.
    package init(timeout: TimeAmount) {
        self.timeout = timeout
        patience = BodyPatience(limit: timeout)
    }

    // MARK: - Bodies that come too slowly

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: patience.begin(at: .now())
        case .body(let bytes): patience.received(bytes.readableBytes, at: .now())
        case .end: patience.end()
        }
        context.fireChannelRead(data)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if !patience.isActive { bodyTimer.stop() }
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        patience.waits(at: .now())
        if patience.isRunning { watchBody(context) }
        context.read()
    }

    private func watchBody(_ context: ChannelHandlerContext) {
        if bodyTimer.isRunning { return }
        bodyTimer.start(in: patience.rest(at: .now()), on: context) { [self] in
            bodyTimer.stop()
            // Otherwise the next read sets it again.
            guard patience.isRunning else { return }
            if patience.isOver(at: .now()) { context.close(promise: nil) } else { watchBody(context) }
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        bodyTimer.stop()
        context.fireChannelInactive()
    }

    package func handlerRemoved(context: ChannelHandlerContext) { bodyTimer.stop() }

    // MARK: - What is no HTTP

    /// The server answers a parser's errors itself, with nothing but a status; other errors it does not answer at all.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is HTTPParserError, is HTTP1TypeConversionError:
            isMalformed = true
            context.fireErrorCaught(error as? HTTPParserError ?? .invalidHeaderToken)
        default:
            context.fireErrorCaught(error)
        }
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isMalformed, case .head(let head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headerFields[.contentType] == nil
        else { return context.write(data, promise: promise) }
        let answer = MalformedRequest.answer
        var fields = answer.headers
        fields[.contentLength] = String(answer.json.count)
        fields[.connection] = "close"
        context.write(wrapOutboundOut(.head(HTTPResponse(status: answer.status, headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.json))), promise: promise)
    }
}
