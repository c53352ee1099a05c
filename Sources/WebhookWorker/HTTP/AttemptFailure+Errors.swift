import AsyncHTTPClient
import Glibc
import NIOCore
import NIOSSL

extension AttemptFailure {
    /// What an error of the HTTP client means to the endpoint's owner.
    init(_ error: any Error) {
        self =
            switch error {
            case let failure as AttemptFailure: failure
            case let error as HTTPClientError: Self.timeouts.contains(error) ? .timedOut : .noAnswer
            case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: .tlsFailed
            case let error as IOError: Self.endings.contains(error.errnoCode) ? .noAnswer : .connectionFailed
            case ChannelError.connectTimeout: .timedOut
            default: .noAnswer
            }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout, .readTimeout,
        .writeTimeout,
    ]

    /// How a connection that has stood ends; any other error of the system's is one of connecting.
    private static let endings = [ECONNRESET, EPIPE, ENOTCONN, EBADF]
}
