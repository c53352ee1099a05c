import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1.1 connections with the express lane in front, and the framework's handlers behind it once they are needed.
struct GatewayChannel: HTTPChannelHandler {
    let responder: Responder
    let lane: ExpressLane
    /// How long a connection may say nothing.
    let idleTimeout: TimeAmount
    let slowPeerTimeout: TimeAmount

    /// A connection, and the framework's view of it; `nil` when it ended without.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let framed: EventLoopFuture<FramedChannel?>
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let commonWay = CommonWay(on: channel, slowPeerTimeout: slowPeerTimeout, logger: logger)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ReaderWatch(timeout: slowPeerTimeout))
            try pipeline.addHandler(
                ExpressHandler(lane, before: commonWay, idleTimeout: idleTimeout, slowPeerTimeout: slowPeerTimeout))
            return Value(channel: channel, framed: commonWay.channel)
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
