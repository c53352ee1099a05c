import Foundation
import Glibc

/// The three ports that one broker needs to itself.
struct RabbitMQPorts: Sendable {
    let amqp: Int
    let distribution: Int
    let portMapper: Int

    init(amqp: Int?) throws(PrivateServerError) {
        self.amqp = try LoopbackPort.chosen(amqp)
        self.distribution = try LoopbackPort.free()
        self.portMapper = try LoopbackPort.free()
    }
}

/// How the processes of one private broker are set up and started; nothing in it is shared with a system's broker.
struct RabbitMQNode: Sendable {
    /// The node's name. Their port mappers tell nodes apart, so all have the same.
    static let name = "paylinks@localhost"

    let folder: URL
    let programs: URL
    let user: ServerUser?
    let ports: RabbitMQPorts

    var log: URL { folder.appendingPathComponent("rabbitmq.log") }
    var startupLog: URL { folder.appendingPathComponent("startup.log") }
    /// A script that runs `rabbitmqctl` for this broker.
    var control: URL { folder.appendingPathComponent("rabbitmqctl") }
    private var configuration: URL { folder.appendingPathComponent("rabbitmq.conf") }
    private var plugins: URL { folder.appendingPathComponent("enabled_plugins") }
    private var passwordFile: URL { folder.appendingPathComponent("password") }
    private var cookie: URL { folder.appendingPathComponent(".erlang.cookie") }

    func portMapperLaunch() throws(PrivateServerError) -> Launch {
        Launch(
            try ServerPrograms.portMapper(), ["-port", String(ports.portMapper), "-address", "127.0.0.1"],
            environment: ["PATH": ServerPrograms.searchPath], folder: folder, user: user, output: .file(startupLog))
    }

    /// The broker in one process: told that a supervisor runs it, the script becomes Erlang rather than wait for it.
    func brokerLaunch() -> Launch {
        Launch(
            programs.appendingPathComponent("rabbitmq-server").path, [],
            environment: environment.merging(brokerEnvironment) { _, theirs in theirs }, folder: folder, user: user,
            output: .file(startupLog))
    }

    /// Whether the port mapper answers a `NAMES_REQ` of Erlang's distribution protocol.
    func portMapperAnswers() async -> Bool {
        await LoopbackExchange.answer(to: [0, 1, 110], port: ports.portMapper, limit: 4, timeout: .seconds(1)) != nil
    }

    /// Whether the broker answers AMQP's protocol header with a method frame, its `connection.start`.
    func brokerAnswers() async -> Bool {
        let header: [UInt8] = Array("AMQP".utf8) + [0, 0, 9, 1]
        let answer = await LoopbackExchange.answer(to: header, port: ports.amqp, limit: 1, timeout: .seconds(2))
        return answer == [1]
    }

    /// Writes the broker's files, and returns the password, which stays the same over the folder's life.
    func configure(settings: [String]) throws(PrivateServerError) -> String {
        let kept = TextFile.read(passwordFile.path).trimmingCharacters(in: .whitespacesAndNewlines)
        let password = kept.isEmpty ? RandomSecret.text() : kept
        try TextFile.writePrivately(password + "\n", to: passwordFile, owner: user)
        try TextFile.writePrivately(configurationText(password, settings), to: configuration, owner: user)
        try TextFile.writePrivately("[].\n", to: plugins, owner: user)
        try TextFile.writePrivately(controlText, to: control, owner: user, mode: 0o700)
        if !FileManager.default.fileExists(atPath: cookie.path) {
            try TextFile.writePrivately(RandomSecret.text(), to: cookie, owner: user, mode: 0o400)
        }
        return password
    }

    private func configurationText(_ password: String, _ settings: [String]) -> String {
        let ours = [
            "listeners.tcp.1 = 127.0.0.1:\(ports.amqp)", "default_user = paylinks", "default_pass = \(password)",
            "default_user_tags.administrator = true", "vm_memory_high_watermark.absolute = 1GB",
            "disk_free_limit.absolute = 50MB", "log.file.level = info",
        ]
        return (ours + settings).joined(separator: "\n") + "\n"
    }

    private var controlText: String {
        let privileges = user.map { ["setpriv"] + $0.privilegeArguments + ["--"] } ?? []
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let program = programs.appendingPathComponent("rabbitmqctl").path
        let words = privileges + ["env", "-i"] + variables + [program, "--node", Self.name]
        let quoted = words.map { "'" + $0.replacingOccurrences(of: "'", with: "'\\''") + "'" }
        return "#!/bin/sh\ncd / && exec \(quoted.joined(separator: " ")) \"$@\"\n"
    }

    /// What the broker and its control program share. The flag keeps Erlang from starting a port mapper that would
    /// outlive us.
    private var environment: [String: String] {
        [
            "PATH": ServerPrograms.searchPath, "LANG": "C.UTF-8", "HOME": folder.path,
            "ERL_EPMD_PORT": String(ports.portMapper), "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_FLAGS": "-start_epmd false", "RABBITMQ_NODENAME": Self.name, "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        ]
    }

    private var brokerEnvironment: [String: String] {
        [
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_CRASH_DUMP_SECONDS": "0",
            "RABBITMQ_DIST_PORT": String(ports.distribution),
            "RABBITMQ_CONFIG_FILE": configuration.path,
            "RABBITMQ_ADVANCED_CONFIG_FILE": folder.appendingPathComponent("advanced.config").path,
            "RABBITMQ_ENABLED_PLUGINS_FILE": plugins.path,
            "RABBITMQ_MNESIA_BASE": folder.appendingPathComponent("data").path,
            "RABBITMQ_LOG_BASE": folder.path,
            "RABBITMQ_LOGS": log.path,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2",
        ]
    }
}
