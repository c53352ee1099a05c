package import Foundation

extension PrivateRabbitMQ {
    /// A script that runs `rabbitmqctl` for this broker, for programs of others to call.
    package nonisolated var controlScript: URL { node.control }

    /// Runs `rabbitmqctl` for this broker and returns what it says; each call takes a second or two.
    @discardableResult
    package nonisolated func controlCommand(_ arguments: [String]) async throws(PrivateServerError) -> String {
        try await Command.run(controlScript.path, arguments, environment: ["PATH": ServerPrograms.searchPath])
    }

    /// Stops the broker within its Erlang node: the process stays, and no client can connect.
    package nonisolated func stopApp() async throws(PrivateServerError) {
        try await controlCommand(["stop_app"])
    }

    package nonisolated func startApp() async throws(PrivateServerError) {
        try await controlCommand(["start_app"])
    }
}
