import Glibc
import Threading

/// One question and its answer over a TCP connection to 127.0.0.1, to see whether a server serves.
package enum LoopbackExchange {
    /// Connects, sends `request` and returns what comes back until `limit` bytes are there, the server closes, or
    /// nothing has come for `timeout`; `nil` if there was no connection or no answer. Blocks a thread of its own.
    package static func answer(
        to request: [UInt8], port: Int, limit: Int, timeout: Duration
    ) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            _ = DriverThread(name: "probe") {
                continuation.resume(returning: exchange(request, port: port, limit: limit, timeout: timeout))
            }
        }
    }

    private static func exchange(_ request: [UInt8], port: Int, limit: Int, timeout: Duration) -> [UInt8]? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        bound(descriptor, by: timeout)
        guard LoopbackPort.withLoopbackAddress(port: port, { connect(descriptor, $0, $1) }) == 0 else { return nil }
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        return receive(from: descriptor, limit: limit)
    }

    private static func receive(from descriptor: Int32, limit: Int) -> [UInt8]? {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: limit)
        while answer.count < limit {
            let count = recv(descriptor, &buffer, limit - answer.count, 0)
            if count <= 0 { break }
            answer += buffer.prefix(count)
        }
        return answer.isEmpty ? nil : answer
    }

    private static func bound(_ descriptor: Int32, by timeout: Duration) {
        let (seconds, attoseconds) = timeout.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }
}
