/// Why an attempt got no answer, in words that the endpoint's owner may read: nothing of our network is in them.
package enum AttemptFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The host is, or resolves to, an address that deliveries never connect to.
    case addressNotAllowed
    case nameNotFound
    case connectionFailed
    case tlsFailed
    case timedOut
    /// The connection ended before an answer, or the answer was not HTTP.
    case noAnswer
    case secretUnavailable

    package var description: String {
        switch self {
        case .addressNotAllowed: "address not allowed"
        case .nameNotFound: "host name not found"
        case .connectionFailed: "connection failed"
        case .tlsFailed: "TLS handshake failed"
        case .timedOut: "timed out"
        case .noAnswer: "connection closed without an answer"
        case .secretUnavailable: "signing secret unavailable"
        }
    }
}

/// What an endpoint said to a delivery.
package enum EndpointAnswer: Sendable, Hashable {
    case answered(status: Int, retryAfter: String?, excerpt: String)
    case failed(AttemptFailure)

    /// Only 2xx counts: a redirect is a failure, because its target was not checked.
    package var isSuccess: Bool { statusCode.map((200...299).contains) ?? false }

    package var statusCode: Int? {
        if case .answered(let status, _, _) = self { status } else { nil }
    }

    package var retryAfter: String? {
        if case .answered(_, let retryAfter, _) = self { retryAfter } else { nil }
    }

    package var excerpt: String? {
        if case .answered(_, _, let excerpt) = self { excerpt } else { nil }
    }

    package var failure: AttemptFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
