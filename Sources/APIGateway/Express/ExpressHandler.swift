import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import PaymentLinks

/// Takes the express lane's requests out of a connection's stream, and answers them in the stream's order.
///
/// It stands in front of the framework's own handler, which gets everything else. A request is taken only while
/// nothing before it is unanswered, so answers cannot overtake one another; what arrives meanwhile waits here, and
/// nothing more is read from the socket.
final class ExpressHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        /// Nothing is unanswered.
        case idle
        /// A request of ours is being read.
        case reading(ExpressRoute, HTTPRequest, ByteBuffer)
        /// A request of ours is being worked on.
        case working
        /// So many requests have gone the common way and are unanswered.
        case passing(Int)
    }

    private let lane: ExpressLane
    private var peer: IPAddress?
    private var state = State.idle
    /// What came in while a request of ours was being worked on.
    private var held = CircularBuffer<HTTPRequestPart>()
    private var heldError: (any Error)?
    private var holdsEndOfInput = false
    private var holdsRead = false
    private var isResuming = false

    init(_ lane: ExpressLane) {
        self.lane = lane
    }

    func handlerAdded(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data), context)
    }

    private func take(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        switch (state, part) {
        case (.working, _): held.append(part)
        case (.idle, .head(let head)):
            guard let route = ExpressRoute(head) else { return pass(part, context) }
            state = .reading(route, head, ByteBuffer())
        case (.reading(let route, let head, var body), .body(let chunk)):
            body.writeImmutableBuffer(chunk)
            state = .reading(route, head, body)
            if body.readableBytes > Request.longestBody { passOn(head, body, context) }
        case (.reading(let route, let head, let body), .end(let trailers)):
            begin(route, head, body, trailers, context)
        default: pass(part, context)
        }
    }

    private func begin(
        _ route: ExpressRoute, _ head: HTTPRequest, _ body: ByteBuffer, _ trailers: HTTPFields?,
        _ context: ChannelHandlerContext
    ) {
        state = .working
        let loop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        let isTaken = lane.answer(route, head, body, from: peer) { answer in
            if loop.inEventLoop {
                bound.value.handler.send(answer, bound.value.context)
            } else {
                loop.execute { bound.value.handler.send(answer, bound.value.context) }
            }
        }
        guard !isTaken else { return }
        passOn(head, body, context)
        pass(.end(trailers), context)
    }

    /// Gives what was read of a request to the common way after all.
    private func passOn(_ head: HTTPRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        state = .idle
        pass(.head(head), context)
        if body.readableBytes > 0 { pass(.body(body), context) }
    }

    private func pass(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        if case .head = part { countPassing() }
        context.fireChannelRead(wrapInboundOut(part))
    }

    private func countPassing() {
        if case .passing(let count) = state { state = .passing(count + 1) } else { state = .passing(1) }
    }

    /// What is malformed is answered the common way, behind what has come before it; the first error is what counts.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isWorking { heldError = heldError ?? error } else { passError(error, context) }
    }

    private func passError(_ error: any Error, _ context: ChannelHandlerContext) {
        countPassing()
        context.fireErrorCaught(error)
    }

    // MARK: - Answers

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        head.headerFields[.contentLength] = String(answer.json.count)
        head.headerFields[.date] = HTTPDate.now()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.json))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        state = .idle
        resume(context)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), case .passing(let count) = state {
            state = count > 1 ? .passing(count - 1) : .idle
        }
        context.write(data, promise: promise)
    }

    // MARK: - Holding back

    /// Goes on with what has come in meanwhile. A request that is answered at once comes back here; the loop that it
    /// came from goes on with the next, so that the stack does not grow with what a caller sends in a row. The
    /// framework takes up parts only when it is told that their read is complete.
    private func resume(_ context: ChannelHandlerContext) {
        if isResuming { return }
        isResuming = true
        let holdsParts = !held.isEmpty
        while !isWorking, let part = held.popFirst() { take(part, context) }
        isResuming = false
        if isWorking { return }
        if holdsParts { context.fireChannelReadComplete() }
        passOnEvents(context)
    }

    private func passOnEvents(_ context: ChannelHandlerContext) {
        if let error = heldError {
            heldError = nil
            passError(error, context)
        }
        if holdsEndOfInput {
            holdsEndOfInput = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        if holdsRead {
            holdsRead = false
            context.read()
        }
    }

    /// Whether nothing is unanswered, nor partly read.
    var isIdle: Bool { if case .idle = state { true } else { false } }

    private var isWorking: Bool { if case .working = state { true } else { false } }

    func read(context: ChannelHandlerContext) {
        if isWorking && !held.isEmpty { holdsRead = true } else { context.read() }
    }

    /// A caller that has closed its side still gets its answer.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isWorking, let event = event as? ChannelEvent, event == .inputClosed {
            holdsEndOfInput = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
