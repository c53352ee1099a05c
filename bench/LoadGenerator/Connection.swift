import NIOCore

/// One connection with at most one request under way; lives on the event loop of the load.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private unowned let load: OpenLoop
    private var parser = ResponseParser()
    private var received = ByteBuffer()
    private var context: ChannelHandlerContext?
    /// The request that waits for its answer.
    private var underWay: Int?

    init(load: OpenLoop) {
        self.load = load
    }

    func send(_ index: Int, _ buffer: ByteBuffer) {
        underWay = index
        context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        load.opened(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        load.closed(self, losing: underWay)
        underWay = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        received.writeBuffer(&buffer)
        do {
            while let status = try parser.next(from: &received) { answered(status) }
            if received.readableBytes == 0 { received.clear() }
        } catch {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answered(_ status: Int) {
        guard let index = underWay else { return }
        underWay = nil
        load.answered(index, status: status, by: self)
    }
}
