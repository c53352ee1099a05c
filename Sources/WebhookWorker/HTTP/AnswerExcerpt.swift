import AsyncHTTPClient
import NIOCore
import Storage

/// Reads the start of an answer's body, and no more of it.
enum AnswerExcerpt {
    /// A body that breaks off or dribbles in is not waited for beyond the deadline: the status has been said. What is
    /// not read is not asked for either: the connection is closed.
    static func read(_ body: HTTPClientResponse.Body, until deadline: NIODeadline) async -> String {
        let bytes = await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { await gather(body) }
            group.addTask {
                try? await Task.sleep(for: .nanoseconds(max(0, (deadline - .now()).nanoseconds)))
                return nil
            }
            var gathered: [UInt8] = []
            for await bytes in group {
                group.cancelAll()
                gathered += bytes ?? []
            }
            return gathered
        }
        return text(bytes)
    }

    /// What comes until there is enough, the body ends or fails, or the task is cancelled.
    private static func gather(_ body: HTTPClientResponse.Body) async -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await part in body {
                bytes.append(contentsOf: part.readableBytesView.prefix(AttemptRecord.excerptLimit - bytes.count))
                if bytes.count >= AttemptRecord.excerptLimit { break }
            }
        } catch {
            return bytes
        }
        return bytes
    }

    /// Text that Postgres takes: without NUL, and cut where a character ends.
    private static func text(_ bytes: [UInt8]) -> String {
        String(String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self).prefix(AttemptRecord.excerptLimit))
    }
}
