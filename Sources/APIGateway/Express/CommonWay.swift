import HTTPServing
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

typealias FramedChannel = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

/// The framework's handlers, which a connection gets when it first says something for them. Those of fleets never do.
final class CommonWay {
    /// The framework's view of the connection; `nil` when it ended without.
    let channel: EventLoopFuture<FramedChannel?>
    private let promise: EventLoopPromise<FramedChannel?>
    private let slowPeerTimeout: TimeAmount
    private let logger: Logger
    private var rules: ConnectionRules?

    init(on channel: any Channel, slowPeerTimeout: TimeAmount, logger: Logger) {
        promise = channel.eventLoop.makePromise()
        self.channel = promise.futureResult
        self.slowPeerTimeout = slowPeerTimeout
        self.logger = logger
    }

    /// Whether it is there.
    var isOpen: Bool { rules != nil }

    /// Whether it has not met a last request, or an error, behind which nothing is taken.
    var takesRequests: Bool { rules?.takesRequests ?? true }

    /// Whether no request waits for an answer on it.
    var isIdle: Bool { rules?.unanswered ?? 0 == 0 }

    /// Makes it, unless it is there.
    func open(on channel: any Channel) throws {
        if isOpen { return }
        let pipeline = channel.pipeline.syncOperations
        let rules = try pipeline.addRequestHandlers()
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try pipeline.addHandler(PeerWatch(timeout: slowPeerTimeout))
        try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
        let framed = try FramedChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        self.rules = rules
        promise.succeed(framed)
    }

    /// To be called at the connection's end.
    func end() {
        if !isOpen { promise.succeed(nil) }
    }
}
