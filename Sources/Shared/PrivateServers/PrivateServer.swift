/// What the keeper of a private server needs of it.
package protocol PrivateServer: Sendable {
    /// Starts the server again with the same data and address; one that still runs is stopped first.
    func restart() async throws(PrivateServerError)
    /// Ends the server in good order; does nothing if it has ended.
    func stop() async
    /// Returns when the server has ended, for any reason.
    func waitForExit() async
}

extension PrivatePostgres: PrivateServer {}
extension PrivateRabbitMQ: PrivateServer {}
