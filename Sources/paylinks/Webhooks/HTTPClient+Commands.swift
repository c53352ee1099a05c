import AsyncHTTPClient
import Foundation

extension HTTPClient {
    /// For the commands' own requests: what cannot be reached is told at once, rather than tried until time is up.
    static let ofCommands: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Whether a text is an address that it can ask.
    static func takes(_ address: String) -> Bool {
        guard let url = URL(string: address) else { return false }
        return url.host != nil && ["http", "https"].contains(url.scheme)
    }
}
