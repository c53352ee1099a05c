import ArgumentParser
import Foundation

/// Sends load, and prints what came back.
@main
struct LoadGenerator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "LoadGenerator", abstract: "Sends HTTP requests and reports what came back.",
        subcommands: [Requests.self, Claims.self, Batches.self], defaultSubcommand: Requests.self)
}

/// Sends requests at times that were fixed beforehand, however long the answers take, over sockets of its own.
///
/// A latency counts from the moment at which its request was due, not from the one at which a connection was free for
/// it: a server that stalls is charged for everybody who would have come meanwhile.
struct Requests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends any requests on a schedule, at the least cost.")

    @Option(help: "The port of 127.0.0.1 to talk to.")
    var port: Int

    @Option(help: "How many connections to keep.")
    var connections = 64

    @Option(help: "A file with one whole request, where {1}, {2} … stand for values.")
    var template: String

    @Option(help: "A file with values, one a line, for the next placeholder; used in turn.")
    var values: [String] = []

    @Option(help: "How many lines of the first file of values to skip.")
    var first = 0

    @Option(help: "RATE:SECONDS, in the order in which they follow one another.", transform: Phase.parse)
    var phase: [Phase]

    @Option(help: "How many seconds to wait for answers after the last request.")
    var patience = 35

    func run() async throws {
        let requests = try RequestSource(template: template, values: values, first: first)
        let schedule = Schedule(phases: phase)
        let target = Target(port: port, connections: connections, patience: patience)
        var load = try OpenLoop(schedule: schedule, requests: requests, target: target)
        let report = try load.run()
        try report.print()
    }
}

extension Encodable {
    /// Prints the value as a line of JSON.
    func print() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
    }
}

/// Where the requests go, and over how many connections.
struct Target: Sendable {
    let port: Int
    let connections: Int
    /// How many seconds to wait for answers after the last request.
    let patience: Int
}
