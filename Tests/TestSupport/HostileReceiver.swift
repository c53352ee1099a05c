import NIOCore
import NIOPosix
import Synchronization

/// An endpoint that does not keep to HTTP: once something comes on a connection, it plays a script of its test's.
package final class HostileReceiver: Sendable {
    /// What it does next on a connection. After the last step it does nothing any more, and leaves the connection open.
    package enum Step: Sendable {
        case send([UInt8])
        /// Sends so many bytes of filling, as fast as they are taken.
        case flood(Int)
        /// Sends the bytes one at a time, again from the start when it is through, and never ends.
        case drip([UInt8], every: Duration)
        case close

        package static func send(_ text: String) -> Step { .send(Array(text.utf8)) }
        package static func drip(_ text: String, every pause: Duration) -> Step {
            .drip(Array(text.utf8), every: pause)
        }
    }

    private static let chunk = ByteBuffer(repeating: UInt8(ascii: "x"), count: 65_536)

    private let script: [Step]
    private let count = Atomic<Int>(0)
    private let channel = Mutex<(any Channel)?>(nil)

    /// Starts to listen on a free port of 127.0.0.1.
    package static func start(_ script: [Step] = []) async throws -> HostileReceiver {
        let receiver = HostileReceiver(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(receiver))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        receiver.channel.withLock { $0 = channel }
        return receiver
    }

    private init(_ script: [Step]) {
        self.script = script
    }

    package var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }
    package var url: String { "http://127.0.0.1:\(port)/hook" }
    /// How many connections have been made to it.
    package var connections: Int { count.load(ordering: .relaxed) }

    package func stop() async {
        try? await channel.withLock { $0 }?.close().get()
    }

    fileprivate func noteConnection() {
        count.add(1, ordering: .relaxed)
    }

    fileprivate func play(on channel: any Channel) async throws {
        for step in script {
            switch step {
            case .send(let bytes): try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
            case .flood(let count):
                for _ in 0..<count / Self.chunk.readableBytes { try await channel.writeAndFlush(Self.chunk).get() }
            case .drip(let bytes, let pause): try await Self.drip(bytes, every: pause, on: channel)
            case .close: try await channel.close().get()
            }
        }
    }

    private static func drip(_ bytes: [UInt8], every pause: Duration, on channel: any Channel) async throws {
        while channel.isActive {
            for byte in bytes {
                try await channel.writeAndFlush(ByteBuffer(bytes: [byte])).get()
                try await Task.sleep(for: pause)
            }
        }
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let receiver: HostileReceiver
    private var isPlaying = false

    init(_ receiver: HostileReceiver) {
        self.receiver = receiver
    }

    func channelActive(context: ChannelHandlerContext) {
        receiver.noteConnection()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isPlaying else { return }
        isPlaying = true
        let (receiver, channel) = (receiver, context.channel)
        // Nobody waits for it: a step on a connection that has been closed fails, and that ends it.
        Task { try await receiver.play(on: channel) }
    }
}
