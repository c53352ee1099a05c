import AsyncHTTPClient
import Foundation

extension HTTPClient {
    /// For the commands' own requests. It fails at once when a connection is refused, and follows no redirect, so that
    /// a key goes to the named address only.
    static let ofCommands: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Whether a text is an address that it can ask.
    static func takes(_ address: String) -> Bool {
        guard let url = URL(string: address) else { return false }
        return url.host != nil && ["http", "https"].contains(url.scheme)
    }
}
