package import Foundation

/// A RabbitMQ broker of our own: a folder, ports of 127.0.0.1, a password, a cookie, and a port mapper.
///
/// It ends when we end, with everything that Erlang starts beside it. Queues and messages are in its folder, and the
/// next start there has them again. Its calls are meant to be made one after another by one owner.
package actor PrivateRabbitMQ {
    /// The folder in use, which may be a substitute for the one that was asked for.
    package nonisolated let folder: URL
    package nonisolated let port: Int
    package nonisolated let password: String
    nonisolated let node: RabbitMQNode
    private var portMapper: ChildProcess?
    private var process: ChildProcess?

    private init(node: RabbitMQNode, password: String) {
        self.folder = node.folder
        self.port = node.ports.amqp
        self.password = password
        self.node = node
    }

    /// Starts a broker on the data in `folder`, which is made first if need be, and waits until it serves.
    ///
    /// - Parameters:
    ///   - port: The port to listen on; a free one if `nil`.
    ///   - settings: Further lines of `rabbitmq.conf`, such as `["channel_max = 64"]`.
    package static func start(
        in folder: URL, port: Int? = nil, settings: [String] = []
    ) async throws(PrivateServerError) -> PrivateRabbitMQ {
        let programs = try ServerPrograms.rabbitMQ()
        let user = ServerUser.dropped(to: "rabbitmq")
        let home = try await ServerFolder.prepare(folder, for: user)
        let node = RabbitMQNode(folder: home, programs: programs, user: user, ports: try RabbitMQPorts(amqp: port))
        let password = try node.configure(settings: settings)
        let server = PrivateRabbitMQ(node: node, password: password)
        try await server.launch()
        return server
    }

    package nonisolated var url: String { "amqp://paylinks:\(password)@127.0.0.1:\(port)/" }

    /// The broker's process id while it runs.
    package var pid: Int32? { process?.exitStatus == nil ? process?.pid : nil }

    /// Starts the broker again on the same port with the same data; one that still runs is stopped first.
    package func restart() async throws(PrivateServerError) {
        await stop()
        try await launch()
    }

    /// Ends the broker as an administrator would: connections are closed and everything is written.
    package func stop() async {
        let (broker, mapper) = takeProcesses()
        await broker?.stop(grace: .seconds(45))
        await mapper?.killTree()
    }

    /// Ends the broker as a crash would: SIGKILL to it and all its processes at once.
    package func kill() async {
        let (broker, mapper) = takeProcesses()
        await broker?.killTree()
        await mapper?.killTree()
    }

    /// Taken out before anything is waited for: who starts the broker meanwhile keeps what it has started.
    private func takeProcesses() -> (broker: ChildProcess?, mapper: ChildProcess?) {
        defer { (process, portMapper) = (nil, nil) }
        return (process, portMapper)
    }

    /// Returns when the broker has ended, for any reason.
    package func waitForExit() async {
        _ = await process?.waitForExit()
    }

    /// The last lines of the broker's logs.
    package nonisolated func logTail() -> String {
        let tails = [node.log, node.startupLog].map { TextFile.tail(of: $0, lines: 60) }
        return tails.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func launch() async throws(PrivateServerError) {
        do throws(PrivateServerError) {
            let mapper = try await startPortMapper()
            try await Readiness.wait(
                for: mapper, named: "Erlang's port mapper", within: .seconds(10), log: logTail,
                isReady: node.portMapperAnswers)
            let broker = try await startBroker()
            try await Readiness.wait(
                for: broker, named: "RabbitMQ", within: .seconds(120), log: logTail, isReady: node.brokerAnswers)
        } catch {
            await kill()
            throw error
        }
    }

    private func startPortMapper() async throws(PrivateServerError) -> ChildProcess {
        let started = try await ChildProcess.start(try node.portMapperLaunch())
        portMapper = started
        return started
    }

    private func startBroker() async throws(PrivateServerError) -> ChildProcess {
        let started = try await ChildProcess.start(node.brokerLaunch())
        process = started
        return started
    }
}
