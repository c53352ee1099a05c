import Hummingbird
import NIOCore
import PaymentLinks

/// Takes the express lane's requests out of a connection's bytes, and answers them in the connection's order.
///
/// It stands in front of the parser, which gets everything else: what is not spelt plainly, other routes, and what must
/// wait for a key to be looked up. A request is taken only when it is whole and while nothing before it is unanswered,
/// so answers cannot overtake one another; what arrives meanwhile waits here, and nothing more is read from the socket.
/// Once a connection has sent something that is not plain, only the parser knows where requests begin, and all of them
/// are for the parser.
///
/// It also closes connections that say nothing, for it alone sees all that they say.
final class ExpressHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    private enum Input {
        /// A request begins with the next byte.
        case between
        /// A request of ours is not whole yet.
        case receiving(PlainRequest, ExpressRoute)
        /// So many bytes of a request are for the parser yet.
        case passing(Int)
        /// Where requests begin is not known.
        case unknown
    }

    private let lane: ExpressLane
    private let rules: ConnectionRules
    private let idleTimeout: TimeAmount
    private let slowPeerTimeout: TimeAmount
    private var peer: IPAddress?
    private var input = Input.between
    /// Whether a request of ours is being worked on.
    private var isWorking = false
    /// What has come in and is not taken yet.
    private var held = ByteBuffer()
    private var isProceeding = false
    private var holdsEndOfInput = false
    private var holdsRead = false
    /// Whether the connection ends with the answer that is due.
    private var isLast = false
    private var passesReadComplete = true
    private var lastActivity = NIODeadline.now()
    private var idleTimer: Scheduled<Void>?
    private var bodyTimer: Scheduled<Void>?

    /// - Parameters:
    ///   - rules: stand behind the parser.
    ///   - idleTimeout: how long a connection may say nothing.
    ///   - slowPeerTimeout: how long a body may take.
    init(_ lane: ExpressLane, before rules: ConnectionRules, idleTimeout: TimeAmount, slowPeerTimeout: TimeAmount) {
        self.lane = lane
        self.rules = rules
        self.idleTimeout = idleTimeout
        self.slowPeerTimeout = slowPeerTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        watchIdleness(context, for: idleTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if held.readableBytes == 0 { held = bytes } else { held.writeBuffer(&bytes) }
        proceed(context)
    }

    /// Goes on with what is held. A request that is answered at once comes back here; the loop that it came from goes
    /// on with the next, so that the stack does not grow with what a caller sends in a row.
    private func proceed(_ context: ChannelHandlerContext) {
        if isProceeding { return }
        isProceeding = true
        while !isWorking, held.readableBytes > 0, step(context) {}
        isProceeding = false
        // The socket's next read has its buffer back.
        if held.readableBytes == 0 { held = ByteBuffer() }
    }

    /// False when there is nothing to do before more has come.
    private func step(_ context: ChannelHandlerContext) -> Bool {
        switch input {
        case .between: begin()
        case .receiving(let request, let route):
            guard held.readableBytes >= request.length else { return false }
            take(request, on: route, context)
        case .passing(let rest):
            let count = min(rest, held.readableBytes)
            input = rest > count ? .passing(rest - count) : .between
            pass(count, context)
        case .unknown: pass(held.readableBytes, context)
        }
        return true
    }

    private func begin() {
        guard let request = PlainRequest(held.readableBytesUInt8Span) else { return input = .unknown }
        guard rules.unanswered == 0, request.body.count <= Request.longestBody,
            let route = ExpressRoute(request, in: held)
        else { return input = .passing(request.length) }
        input = .receiving(request, route)
        lastActivity = .now()
    }

    private func take(_ request: PlainRequest, on route: ExpressRoute, _ context: ChannelHandlerContext) {
        endReceiving(.between)
        let start = held.readerIndex
        let express = lane.isFull && request.isNameless ? nil : ExpressRequest(request, on: route, in: held)
        held.moveReaderIndex(forwardBy: request.length)
        guard let express else { return refuse(route, context) }
        isWorking = true
        let loop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        let isTaken = lane.answer(express, from: peer) { answer in
            if loop.inEventLoop {
                bound.value.handler.send(answer, bound.value.context)
            } else {
                loop.execute { bound.value.handler.send(answer, bound.value.context) }
            }
        }
        if isTaken { return }
        (isWorking, input) = (false, .passing(request.length))
        held.moveReaderIndex(to: start)
    }

    private func endReceiving(_ next: Input) {
        input = next
        bodyTimer?.cancel()
        bodyTimer = nil
    }

    private func pass(_ count: Int, _ context: ChannelHandlerContext) {
        guard let bytes = held.readSlice(length: count) else { return }
        passesReadComplete = true
        context.fireChannelRead(wrapInboundOut(bytes))
        if isLast {
            isLast = false
            context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// What is behind hears of a read only when it got something of it.
    func channelReadComplete(context: ChannelHandlerContext) {
        if case .receiving = input, !isWorking { watchBody(context) }
        guard passesReadComplete else { return }
        passesReadComplete = false
        context.fireChannelReadComplete()
    }

    // MARK: - Answers

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        lastActivity = .now()
        isWorking = false
        let isLast = isLast && held.readableBytes == 0
        context.writeAndFlush(wrapOutboundOut(answer.bytes(isLast: isLast)), promise: nil)
        if isLast { return context.close(promise: nil) }
        resume(context)
    }

    /// Under a flood most requests are refused, and the way of all others would take the time of those that are served.
    private func refuse(_ route: ExpressRoute, _ context: ChannelHandlerContext) {
        lane.refuse(route)
        context.writeAndFlush(wrapOutboundOut(OverloadAnswer.bytes()), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        lastActivity = .now()
        context.write(data, promise: promise)
    }

    // MARK: - Holding back

    private func resume(_ context: ChannelHandlerContext) {
        proceed(context)
        if isWorking || isProceeding { return }
        if passesReadComplete {
            passesReadComplete = false
            context.fireChannelReadComplete()
        }
        if holdsEndOfInput {
            holdsEndOfInput = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        readIfHeld(context)
    }

    private func readIfHeld(_ context: ChannelHandlerContext) {
        guard holdsRead, !holdsBack(context) else { return }
        holdsRead = false
        context.read()
    }

    /// Nothing is read while more is here than can be taken, nor from who does not read the lane's answers.
    private func holdsBack(_ context: ChannelHandlerContext) -> Bool {
        (isWorking && held.readableBytes > 0) || (rules.unanswered == 0 && !context.channel.isWritable)
    }

    func read(context: ChannelHandlerContext) {
        if holdsBack(context) { holdsRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        readIfHeld(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed: endInput(context)
        case is ChannelShouldQuiesceEvent where isWorking || isReceiving: isLast = true
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// A caller that has closed its side still gets its answer; what it has not said to the end is for the parser.
    private func endInput(_ context: ChannelHandlerContext) {
        if isWorking { return holdsEndOfInput = true }
        if isReceiving {
            endReceiving(.unknown)
            proceed(context)
        }
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    private var isReceiving: Bool { if case .receiving = input { true } else { false } }

    // MARK: - Time

    /// A connection is idle while nobody is owed an answer on it.
    private func watchIdleness(_ context: ChannelHandlerContext, for time: TimeAmount) {
        idleTimer = schedule(in: time, context) { handler, context in
            let rest = handler.lastActivity + handler.idleTimeout - .now()
            if handler.isWorking || handler.rules.unanswered > 0 {
                handler.watchIdleness(context, for: handler.idleTimeout)
            } else if rest > .zero {
                handler.watchIdleness(context, for: rest)
            } else {
                context.close(promise: nil)
            }
        }
    }

    private func watchBody(_ context: ChannelHandlerContext) {
        guard bodyTimer == nil else { return }
        bodyTimer = schedule(in: slowPeerTimeout, context) { _, context in context.close(promise: nil) }
    }

    private func cancelTimers() {
        idleTimer?.cancel()
        bodyTimer?.cancel()
    }

    private func schedule(
        in delay: TimeAmount, _ context: ChannelHandlerContext,
        _ body: @escaping (ExpressHandler, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) { body(self, context) }
    }
}
