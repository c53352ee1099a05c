package import HTTPTypes
package import Hummingbird
import NIOCore
package import PaymentLinks

/// An answer in JSON, whole: what both lanes of the gateway send.
package struct Answer: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var json: [UInt8]
    /// The code of an error's envelope; `nil` for other answers.
    package var errorCode: ErrorCode?

    package init(status: HTTPResponse.Status, json: [UInt8], headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
        self.headers[.contentType] = "application/json"
        self.headers[.cacheControl] = "no-store"
        self.json = json
    }

    /// A promise: the request is on disk as a job, and its outcome will be at `location`.
    package static func accepted(_ json: [UInt8], at location: String) -> Answer {
        Answer(status: .accepted, json: json, headers: [.location: location, .retryAfter: "1"])
    }

    /// The answer as it is for a request that came before.
    package func replayed(_ isReplayed: Bool) -> Answer {
        guard isReplayed else { return self }
        var answer = self
        answer.headers[.idempotentReplayed] = "true"
        return answer
    }

    /// Says which of the caller's preferences were heeded. (RFC 7240, section 3)
    func applying(_ preferences: Preferences) -> Answer {
        guard let applied = preferences.applied else { return self }
        var answer = self
        answer.headers[.preferenceApplied] = applied
        return answer
    }
}

extension Answer {
    /// Waits for a call that completes once with an answer; what it throws at once is thrown.
    static func awaiting(
        _ begin: (@escaping @Sendable (Result<Answer, any Error>) -> Void) throws -> Void
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try begin { continuation.resume(with: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

extension Response {
    package init(_ answer: Answer) {
        self.init(
            status: answer.status, headers: answer.headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.json)))
    }
}
