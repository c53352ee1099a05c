package import NIOCore

/// Closes a connection whose other end does not read its answers, so that they do not pile up here.
package final class ReaderWatch: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer

    private let timeout: TimeAmount
    private var timer = ChannelTimer()

    /// - Parameter timeout: how long the peer may take over reading what is written.
    package init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            timer.stop()
        } else {
            timer.start(in: timeout, on: context) { context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        timer.stop()
        context.fireChannelInactive()
    }

    package func handlerRemoved(context: ChannelHandlerContext) { timer.stop() }
}
