import AsyncHTTPClient
import NIOCore

/// The parts of an answer that comes bit by bit; a peer that is silent for too long ends it with a time-out.
///
/// The HTTP client itself waits without end for what comes behind an answer's head.
struct BodyParts {
    /// More than the unread part of a batch's answer: its lines are bounded, and come in a part or two each.
    private static let mostUnread = 4096

    private var parts: AsyncThrowingStream<ByteBuffer, any Error>.Iterator

    init(_ body: HTTPClientResponse.Body, patience: TimeAmount, on loop: any EventLoop) {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: ByteBuffer.self, throwing: (any Error).self, bufferingPolicy: .bufferingOldest(Self.mostUnread))
        let watchdog = Watchdog(patience: patience, on: loop)
        // The task is not awaited: it ends with the body, or is cancelled with this.
        let reading = Task {
            await Self.read(body, into: continuation, watchdog)
            watchdog.stop()
        }
        continuation.onTermination = { _ in reading.cancel() }
        watchdog.start { continuation.finish(throwing: PaylinksError.timedOut()) }
        parts = stream.makeAsyncIterator()
    }

    mutating func next() async throws(PaylinksError) -> ByteBuffer? {
        do {
            if let part = try await parts.next(isolation: #isolation) { return part }
        } catch {
            throw PaylinksError(transportError: error)
        }
        // A stream whose reader is cancelled just ends.
        if Task.isCancelled { throw .cancelled() }
        return nil
    }

    private static func read(
        _ body: HTTPClientResponse.Body, into parts: AsyncThrowingStream<ByteBuffer, any Error>.Continuation,
        _ watchdog: Watchdog
    ) async {
        do {
            for try await part in body {
                watchdog.feed()
                if case .dropped = parts.yield(part) { throw PaylinksError.noAnswer("more than was asked for") }
            }
            parts.finish()
        } catch {
            parts.finish(throwing: error)
        }
    }
}
