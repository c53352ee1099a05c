package import Hummingbird
package import HTTPTypes

/// What one request is answered with, be it alone or a line of a batch.
package struct Answer: Sendable {
    package let status: HTTPResponse.Status
    package let json: [UInt8]
    package var headers: HTTPFields

    package init(status: HTTPResponse.Status, json: [UInt8], headers: HTTPFields = [:]) {
        self.status = status
        self.json = json
        self.headers = headers
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

    /// The answer to a request of its own.
    package var response: Response { Response(status: status, json: json, headers: headers) }
}
