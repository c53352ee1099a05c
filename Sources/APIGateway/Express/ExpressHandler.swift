import Hummingbird
import NIOCore
import PaymentLinks

/// Takes the express lane's requests out of a connection's bytes, and answers them in the connection's order.
///
/// It stands in front of the common way, which gets everything else: what is not spelt plainly, other routes, and what
/// must wait for a key to be looked up. A request is taken only when it is whole and while nothing before it is
/// unanswered, so answers cannot overtake one another; what arrives meanwhile waits here, and nothing more is read from
/// the socket. Once a connection has sent something that is not plain, only the parser knows where requests begin, and
/// all of them are for the parser.
///
/// It also closes connections that say nothing, for it alone sees all that they say.
final class ExpressHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// A request begins with the next byte.
        case between
        /// A request of ours is not whole yet.
        case receiving(PlainRequest, ExpressRoute)
        /// A request of ours is being worked on.
        case working
        /// So many bytes of a request are for the parser yet.
        case passing(Int)
        /// Where requests begin is not known.
        case unknown
    }

    private let lane: ExpressLane
    private let commonWay: CommonWay
    private let idleTimeout: TimeAmount
    private let slowPeerTimeout: TimeAmount
    private var peer: IPAddress?
    private var state = State.between
    /// What has come in and is not taken yet.
    private var held = ByteBuffer()
    private var isProceeding = false
    private var holdsEndOfInput = false
    private var holdsRead = false
    /// Whether the connection ends with the answer that is due.
    private var isLast = false
    /// Whether the connection is at its end, and only what was written before goes out.
    private var isEnding = false
    /// Whether nothing more is said to the peer.
    private var isOutputClosed = false
    private var lastActivity = NIODeadline.now()
    private var idleTimer = ChannelTimer()
    private var bodyTimer = ChannelTimer()
    private var endTimer = ChannelTimer()

    /// - Parameters:
    ///   - commonWay: gets what is not for the lane.
    ///   - idleTimeout: how long a connection may say nothing, or a head take.
    ///   - slowPeerTimeout: how long a body may take, and the last answer's way to the peer.
    init(_ lane: ExpressLane, before commonWay: CommonWay, idleTimeout: TimeAmount, slowPeerTimeout: TimeAmount) {
        self.lane = lane
        self.commonWay = commonWay
        self.idleTimeout = idleTimeout
        self.slowPeerTimeout = slowPeerTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        watchIdleness(context, for: idleTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimers()
        commonWay.end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimers()
        context.fireChannelInactive()
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isEnding { return }
        var bytes = unwrapInboundIn(data)
        if held.readableBytes == 0 {
            held = bytes
        } else {
            held.discardReadBytes()
            held.writeBuffer(&bytes)
        }
        proceed(context)
    }

    /// Goes on with what is held. A request that is answered at once comes back here; the loop that it came from goes
    /// on with the next, so that the stack does not grow with what a caller sends in a row.
    private func proceed(_ context: ChannelHandlerContext) {
        if isProceeding { return }
        isProceeding = true
        while held.readableBytes > 0, step(context) {}
        isProceeding = false
        // The socket's next read has its buffer back.
        if held.readableBytes == 0 { held = ByteBuffer() }
    }

    /// False when there is nothing to do before more has come.
    private func step(_ context: ChannelHandlerContext) -> Bool {
        switch state {
        case .between: return begin(context)
        case .receiving(let request, let route):
            guard held.readableBytes >= request.length else { return watchBody(context) }
            take(request, on: route, context)
        case .working: return false
        case .passing(let rest):
            let count = min(rest, held.readableBytes)
            go(rest > count ? .passing(rest - count) : .between)
            pass(count, context)
        case .unknown: pass(held.readableBytes, context)
        }
        return true
    }

    private func begin(_ context: ChannelHandlerContext) -> Bool {
        guard commonWay.takesRequests else { return go(.unknown) }
        switch PlainRequest.read(held.readableBytesUInt8Span) {
        case .other: return go(.unknown)
        case .partial: return false
        case .whole(let request):
            guard commonWay.isIdle, request.body.count <= Request.longestBody,
                let route = ExpressRoute(request, in: held)
            else { return go(.passing(request.length)) }
            return go(.receiving(request, route))
        }
    }

    private func take(_ request: PlainRequest, on route: ExpressRoute, _ context: ChannelHandlerContext) {
        let start = held.readerIndex
        let isRefused = lane.isFull && request.isNameless && !isLast
        let express = isRefused ? nil : ExpressRequest(request, on: route, in: held)
        held.moveReaderIndex(forwardBy: request.length)
        guard let express else {
            lane.refuse(route)
            go(.between)
            return reply(OverloadAnswer.bytes(), context)
        }
        go(.working)
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
        held.moveReaderIndex(to: start)
        go(.passing(request.length))
    }

    @discardableResult
    private func go(_ next: State) -> Bool {
        if case .receiving = next {} else { bodyTimer.stop() }
        state = next
        return true
    }

    private func pass(_ count: Int, _ context: ChannelHandlerContext) {
        guard let bytes = held.readSlice(length: count) else { return }
        do { try commonWay.open(on: context.channel) } catch { return context.close(promise: nil) }
        context.fireChannelRead(wrapInboundOut(bytes))
        if isLast {
            isLast = false
            context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    // MARK: - Answers

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let isLast = isLast && held.readableBytes == 0
        go(.between)
        reply(answer.bytes(isLast: isLast), context)
        if isLast { return close(context: context, mode: .all, promise: nil) }
        resume(context)
    }

    private func reply(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        lastActivity = .now()
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        lastActivity = .now()
        context.write(data, promise: promise)
    }

    // MARK: - Holding back

    private func resume(_ context: ChannelHandlerContext) {
        proceed(context)
        if isWorking || isProceeding { return }
        // The framework processes its input only after its read is complete.
        if commonWay.isOpen { context.fireChannelReadComplete() }
        if holdsEndOfInput {
            holdsEndOfInput = false
            endInput(context)
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
        (isWorking && held.readableBytes > 0) || (commonWay.isIdle && !context.channel.isWritable)
    }

    func read(context: ChannelHandlerContext) {
        if holdsBack(context) { holdsRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        readIfHeld(context)
        context.fireChannelWritabilityChanged()
    }

    private var isWorking: Bool { if case .working = state { true } else { false } }
    private var isReceiving: Bool { if case .receiving = state { true } else { false } }

    // MARK: - Ends

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed: return endInput(context)
        case let event as ChannelEvent where event == .outputClosed: isOutputClosed = true
        case is ChannelShouldQuiesceEvent where isWorking || isReceiving: return isLast = true
        case is ChannelShouldQuiesceEvent where !commonWay.isOpen:
            return close(context: context, mode: .all, promise: nil)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// A caller that has closed its side still gets its answer; what it has not said to the end is for the parser.
    private func endInput(_ context: ChannelHandlerContext) {
        if isWorking { return holdsEndOfInput = true }
        if holdsPart {
            go(.unknown)
            proceed(context)
        }
        if commonWay.isOpen {
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            close(context: context, mode: .all, promise: nil)
        }
    }

    /// Ends the connection behind what was written, which closing would throw away, as soon as the peer has taken it.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard case .all = mode, context.channel.isActive else { return context.close(mode: mode, promise: promise) }
        isEnding = true
        endTimer.start(in: slowPeerTimeout, on: context) { context.close(promise: nil) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in bound.value.close(promise: promise) }
    }

    /// Whether a request has come in part.
    private var holdsPart: Bool { !isWorking && held.readableBytes > 0 }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if commonWay.isOpen { context.fireErrorCaught(error) } else { context.close(promise: nil) }
    }

    // MARK: - Time

    /// A connection is idle while no request on it waits for an answer.
    private func watchIdleness(_ context: ChannelHandlerContext, for time: TimeAmount) {
        idleTimer.start(in: time, on: context) { [self] in
            let rest = lastActivity + idleTimeout - .now()
            if isBusy {
                watchIdleness(context, for: idleTimeout)
            } else if rest > .zero {
                watchIdleness(context, for: rest)
            } else {
                context.close(promise: nil)
            }
        }
    }

    /// Whether other times count than that of silence.
    private var isBusy: Bool { isWorking || isReceiving || (!commonWay.isIdle && !isOutputClosed) }

    /// Gives the rest of a body its time, unless it runs already; false, for there is nothing to do meanwhile.
    private func watchBody(_ context: ChannelHandlerContext) -> Bool {
        if !bodyTimer.isRunning {
            bodyTimer.start(in: slowPeerTimeout, on: context) { context.close(promise: nil) }
        }
        return false
    }

    private func stopTimers() {
        idleTimer.stop()
        bodyTimer.stop()
        endTimer.stop()
    }
}
