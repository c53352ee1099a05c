import AsyncHTTPClient

extension HTTPClient {
    /// For the commands' own requests: what cannot be reached is told at once, rather than tried until time is up.
    static let ofCommands: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
