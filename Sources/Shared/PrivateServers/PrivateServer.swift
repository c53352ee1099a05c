/// What whoever keeps a private server running needs of it.
package protocol PrivateServer: Sendable {
    /// Starts the server again with the same data and address; one that still runs is stopped first.
    func restart() async throws(PrivateServerError)
    /// Ends the server in good order; does nothing if it has ended.
    func stop() async
    /// Returns when the server has ended, whoever ended it.
    func waitForExit() async
}

extension PrivatePostgres: PrivateServer {}
extension PrivateRabbitMQ: PrivateServer {}
