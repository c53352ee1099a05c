/// Why something asked of the broker did not happen, or may not have.
package enum RabbitMQError: Error, Sendable, Hashable {
    /// The address cannot be used. The text never holds a password.
    case invalidURL(String)
    /// The message breaks a limit of the protocol; nothing was sent.
    case invalidMessage(String)
    /// No connection could be had in time; nothing was sent.
    case unavailable(String)
    /// Too many publishes are unresolved already; nothing was sent.
    case overloaded
    /// The broker asked publishers to wait, and did so beyond the deadline; nothing was sent.
    case blocked
    /// No queue would take the message: it reached the exchange, and the broker handed it back.
    case returned(replyCode: Int, replyText: String)
    /// The broker, or a full queue that rejects, refused the message.
    case nacked
    /// The message was sent, and the confirm did not come: the broker may have it or not.
    case outcomeUnknown
    /// The client was shut down; nothing was sent.
    case closed
    /// The caller was cancelled while its message still waited; nothing was sent.
    case cancelled
    /// The broker closed the channel or the connection with this reason, such as 406 PRECONDITION_FAILED.
    case server(code: Int, text: String)

    /// What is wrong, in words for the operator who set the address.
    package var reason: String {
        if case .invalidURL(let text) = self { text } else { "\(self)" }
    }

    /// Whether the same request may succeed later without anybody changing anything.
    package var isTransient: Bool {
        switch self {
        case .unavailable, .overloaded, .blocked, .nacked, .outcomeUnknown: true
        case .server(let code, _): code == 320 || code == 541 || code == 506
        case .invalidURL, .invalidMessage, .returned, .closed, .cancelled: false
        }
    }
}
