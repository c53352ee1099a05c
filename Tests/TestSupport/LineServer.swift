import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server that takes batches, and answers each line as soon as it is there, as its test says.
package final class LineServer: Sendable {
    package enum Reply: Sendable, Equatable {
        /// The members of the answer behind its index, such as `"status":201,"body":{}`.
        case answer(String)
        /// Breaks the answer off at once. What was answered just before may be lost on its way: a client drops what
        /// it has received and not asked for yet.
        case hangUp
        /// Ends the answer at once, without its summary.
        case stop
        /// Leaves the line without an answer, and goes on.
        case leaveOut
        /// Says nothing more, and keeps the connection until ``LineServer/hangUp()``.
        case silence
    }

    /// Told a line, its place in its request, and how many requests there were before.
    package typealias Script = @Sendable (JSONValue, _ index: Int, _ request: Int) -> Reply

    private let script: Script
    private let requests = Mutex<[[JSONValue]]>([])
    private let channel = Mutex<(any Channel)?>(nil)
    private let latest = Mutex<(any Channel)?>(nil)

    package static func start(_ script: @escaping Script) async throws -> LineServer {
        let server = LineServer(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(LineHandler(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.channel.withLock { $0 = channel }
        return server
    }

    private init(_ script: @escaping Script) {
        self.script = script
    }

    package var baseURL: String { "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port ?? 0 })" }
    /// The lines that came, by the request.
    package var received: [[JSONValue]] { requests.withLock { $0 } }

    package func stop() async {
        try? await channel.withLock { $0 }?.close().get()
    }

    /// Breaks the answer to the latest request off: a test calls this when it has seen all that was answered.
    package func hangUp() async throws {
        // Only the answers' half: a connection closed over lines that nobody reads is reset, answers and all.
        try await latest.withLock { $0 }?.close(mode: .output).get()
    }

    fileprivate func begin(on connection: any Channel) -> Int {
        latest.withLock { $0 = connection }
        return requests.withLock { requests in
            requests.append([])
            return requests.count - 1
        }
    }

    fileprivate func take(_ line: JSONValue, of request: Int) -> (index: Int, reply: Reply) {
        let index = requests.withLock { requests in
            requests[request].append(line)
            return requests[request].count - 1
        }
        return (index, script(line, index, request))
    }
}

private final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: LineServer
    private var request = 0
    private var rest: [UInt8] = []
    private var isOver = false

    init(_ server: LineServer) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: begin(context)
        case .body(let bytes): take(Array(bytes.readableBytesView), context)
        case .end:
            if !isOver { summarize(context) }
            end(context)
        }
    }

    private func summarize(_ context: ChannelHandlerContext) {
        let counts = #"{"summary":{"lines":0,"succeeded":0,"processing":0,"failed":0}}"#
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: counts + "\n")))), promise: nil)
    }

    private func begin(_ context: ChannelHandlerContext) {
        (request, rest, isOver) = (server.begin(on: context.channel), [], false)
        let headers: HTTPHeaders = ["content-type": "application/x-ndjson", "transfer-encoding": "chunked"]
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func take(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        rest += bytes
        while !isOver, let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = (try? JSONValue(Array(rest[..<newline]))) ?? .null
            rest.removeSubrange(...newline)
            let (index, reply) = server.take(line, of: request)
            switch reply {
            case .answer(let members):
                let text = ByteBuffer(string: "{\"index\":\(index),\(members)}\n")
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(text))), promise: nil)
            case .hangUp:
                isOver = true
                context.close(mode: .output, promise: nil)
            case .stop: end(context)
            case .leaveOut: break
            case .silence: isOver = true
            }
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
