import ArgumentParser
import Jobs

/// `paylinks queues`: the queues and the rights of each service's broker user.
struct QueuesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queues",
        abstract: "Declares the exchanges and queues, and prints the rights of each service's broker user.",
        subcommands: [Declare.self, Rights.self])

    struct Declare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Declares every exchange and queue; those that exist stay as they are.",
            discussion: "Services with PAYLINKS_DECLARE_QUEUES=false need it before their first start.")

        @OptionGroup var system: SystemOptions

        func run() async throws {
            let queues = try await system.declareQueues()
            try Answer.print(["declared": queues], asJSON: system.json) { ["declared \(queues) queues"] }
        }
    }

    struct Rights: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the patterns of names that each service may configure, write, and read.",
            discussion: "The columns are those of rabbitmqctl set_permissions, after the user.")

        @OptionGroup var system: SystemOptions

        private struct Description: Encodable {
            let service: String
            let configure: String
            let write: String
            let read: String
        }

        func run() async throws {
            let rights = JobTopology(prefix: system.prefix).rights.map {
                Description(service: $0.service, configure: $0.configure, write: $0.write, read: $0.read)
            }
            try Answer.print(rights, asJSON: system.json) {
                rights.map { [$0.service, $0.configure, $0.write, $0.read].joined(separator: "\t") }
            }
        }
    }
}
