package import NIOCore
package import NIOHTTP1

/// Applies the rules of HTTP/1.1 about the connection itself: who ends it, that a request names its host, that a body
/// which waits for `100 Continue` gets it, and that `Upgrade` is ignored. (RFC 9112, 3.2, 9; RFC 9110, 7.8, 10.1.1)
///
/// It is the first handler after the parser. Later handlers see each rule in one form: no `Expect: 100-continue`, no
/// `Connection: keep-alive`, exactly `Connection: close` on the last request, and the version of an HTTP/1.0 request in
/// `versionField`. A plain request passes unchanged.
package final class ConnectionRules: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias InboundOut = HTTPServerRequestPart
    package typealias OutboundIn = HTTPServerResponsePart
    package typealias OutboundOut = HTTPServerResponsePart

    /// The field that tells later handlers the version of a request before HTTP/1.1; a caller's own is removed.
    package static let versionField = "internal-http-version"

    private enum Input {
        /// Requests are taken.
        case open
        /// The last request is being read.
        case last
        /// Nothing is taken any more.
        case over
    }

    private var input = Input.open
    /// Requests, and an error, whose answers are not whole yet.
    package private(set) var unanswered = 0
    /// Whether the newest request is not whole yet.
    private var isReading = false
    /// Whether the newest request's body waits to be asked for.
    private var owesContinue = false
    /// The version of the connection's last answer.
    private var lastVersion = HTTPVersion.http1_1
    /// Whether the parser stops after the newest request.
    private var stopsParser = false
    private let onProtocolChange: () -> Void

    /// - Parameter onProtocolChange: called with the end of a request after which the parser stops.
    package init(onProtocolChange: @escaping () -> Void = {}) {
        self.onProtocolChange = onProtocolChange
    }

    /// Whether requests are taken still.
    package var takesRequests: Bool { if case .open = input { true } else { false } }

    // MARK: - Requests

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if input == .over { return }
        switch unwrapInboundIn(data) {
        case .head(let head): return take(head, data, context)
        case .body: owesContinue = false
        case .end:
            (isReading, owesContinue) = (false, false)
            if input == .last { input = .over }
            if stopsParser { onProtocolChange() }
        }
        context.fireChannelRead(data)
    }

    private func take(_ head: HTTPRequestHead, _ data: NIOAny, _ context: ChannelHandlerContext) {
        let headers = ConnectionHeaders(head)
        guard headers.areWellFormed else { return fail(.invalidHeaderToken, context) }
        unanswered += 1
        isReading = true
        stopsParser = headers.protocolChange == .asked
        if headers.arePlain { return context.fireChannelRead(data) }
        owesContinue = headers.expectsContinue
        sendContinueInTurn(context)
        context.fireChannelRead(wrapInboundOut(.head(reduced(head, headers))))
    }

    private func reduced(_ head: HTTPRequestHead, _ headers: ConnectionHeaders) -> HTTPRequestHead {
        var head = head
        if headers.expectsContinue { head.headers.remove(name: "expect") }
        if headers.claimsVersion { head.headers.remove(name: Self.versionField) }
        if headers.isOld { head.headers.add(name: Self.versionField, value: "1.0") }
        switch headers.persistence {
        case .unsaid, .others: break
        case .keepAlive: head.headers.remove(name: "connection")
        case .close:
            (input, lastVersion) = (.last, head.version)
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        return head
    }

    // MARK: - Errors

    /// What is malformed ends the input, and is answered behind the requests before it.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if input == .over { return }
        if let error = error as? HTTPParserError { fail(error, context) } else { context.fireErrorCaught(error) }
    }

    /// An error in a request's body is answered as that request.
    private func fail(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
        if !isReading { unanswered += 1 }
        (input, isReading, owesContinue) = (.over, false, false)
        context.fireErrorCaught(error)
    }

    // MARK: - Answers

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // A request that was answered before its body failed is not answered again.
        if unanswered == 0 { return promise?.succeed() ?? () }
        switch unwrapOutboundIn(data) {
        case .head(let head) where input != .open && unanswered == 1:
            context.write(wrapOutboundOut(.head(last(head))), promise: promise)
        case .end:
            context.write(data, promise: promise)
            unanswered -= 1
            sendContinueInTurn(context)
        default: context.write(data, promise: promise)
        }
    }

    /// To HTTP/1.0 an answer is not chunked: it ends with its length, or else with the connection.
    private func last(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var head = head
        head.version = lastVersion
        head.headers.replaceOrAdd(name: "connection", value: "close")
        return head
    }

    /// Asks for the body once every request before it is answered.
    private func sendContinueInTurn(_ context: ChannelHandlerContext) {
        guard owesContinue, unanswered == 1 else { return }
        owesContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }
}
