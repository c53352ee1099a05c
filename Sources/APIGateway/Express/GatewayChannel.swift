import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1.1 connections with the express lane in front, and the framework's handlers behind it once they are needed.
struct GatewayChannel: HTTPChannelHandler {
    let responder: Responder
    let lane: ExpressLane
    let shares: ConnectionShares
    /// How long a connection can stay silent.
    let idleTimeout: TimeAmount
    let slowPeerTimeout: TimeAmount

    /// A connection, and the framework's view of it; `nil` when it ended without.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let framed: EventLoopFuture<FramedChannel?>
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard shares.take(for: channel) else { return refuse(channel) }
        return channel.eventLoop.makeCompletedFuture {
            let commonWay = CommonWay(on: channel, slowPeerTimeout: slowPeerTimeout, logger: logger)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ReaderWatch(timeout: slowPeerTimeout))
            try pipeline.addHandler(
                ExpressHandler(lane, before: commonWay, idleTimeout: idleTimeout, slowPeerTimeout: slowPeerTimeout))
            return Value(channel: channel, framed: commonWay.channel)
        }
    }

    /// Closes a connection that is one too many as soon as it is registered, which is the earliest that it can close.
    private func refuse(_ channel: any Channel) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(ClosingHandler())
            return Value(channel: channel, framed: channel.eventLoop.makeSucceededFuture(nil))
        }
    }

    func handle(value: Value, logger: Logger) async {
        let framed = await withTaskCancellationHandler {
            try? await value.framed.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
        if let framed { await handleHTTP(asyncChannel: framed, logger: logger) }
    }
}

private final class ClosingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }
}
