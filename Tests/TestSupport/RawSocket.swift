import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A connection that says exactly what it is told, well-formed or not, and reads only when asked to.
package final class RawSocket: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private final class Inbox: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let bytes = Mutex<[UInt8]>([])

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            bytes.withLock { $0.append(contentsOf: buffer.readableBytesView) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private init(_ channel: any Channel, _ inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// - Parameters:
    ///   - source: the loopback address to connect from; any address in 127.0.0.0/8.
    ///   - isReading: whether what comes back is taken in.
    package static func connect(
        to baseURL: String, from source: String = "127.0.0.1", isReading: Bool = false
    ) async throws -> RawSocket {
        let url = URLComponents(string: baseURL)
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: try SocketAddress(ipAddress: source, port: 0))
            .channelOption(.autoRead, value: isReading)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(inbox) }
            }
            .connect(host: url?.host ?? "127.0.0.1", port: url?.port ?? 0).get()
        return RawSocket(channel, inbox)
    }

    package func write(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Writes the text again and again, until the other end takes no more or has gone; returns how often it went.
    package func writeUntilStopped(_ text: String, atMost count: Int) async -> Int {
        for written in 0..<count {
            do { try await write(text) } catch { return written }
        }
        return count
    }

    /// Takes in what comes back from now on.
    package func beginReading() async throws { try await channel.setOption(.autoRead, value: true).get() }

    /// What has come back so far.
    package var received: String { String(decoding: inbox.bytes.withLock(\.self), as: UTF8.self) }

    package var isOpen: Bool { channel.isActive }

    /// Closes this side: nothing more is said, and answers are still read.
    package func endOutput() async throws { try await channel.close(mode: .output).get() }

    package func close() async { try? await channel.close().get() }

    /// Whether the other end hangs up, sooner or later. Without reading it shows by a failing write, or as a reset.
    package func isClosed(within patience: Duration) async -> Bool {
        let isClosed = try? await eventually(within: patience) { !channel.isActive }
        return isClosed ?? false
    }
}
