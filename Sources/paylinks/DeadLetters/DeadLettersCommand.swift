import ArgumentParser
import Jobs
import RabbitMQ

/// `paylinks dead-letters`: the jobs that could not be done, and what to do with them.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Lists, shows, replays and discards jobs that could not be done.",
        discussion: """
            A job that cannot be read, that the database refuses, or that ended its worker again and again, goes to \
            <queue>.dead with its reason. Replay it once its cause is mended; every job is idempotent.
            """,
        subcommands: [List.self, Show.self, Replay.self, Discard.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Counts the dead letters of every queue.")

        @OptionGroup var system: SystemOptions

        private struct Count: Encodable {
            let queue: String
            let deadLetters: Int
        }

        func run() async throws {
            let counts = try await system.withDeadLetters { box in
                var counts: [Count] = []
                for queue in box.topology.workQueues {
                    counts.append(Count(queue: queue, deadLetters: try await box.count(of: queue)))
                }
                return counts
            }
            try Answer.print(counts, asJSON: system.json) { counts.map { "\($0.deadLetters)\t\($0.queue)" } }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows a queue's dead letters with their reasons; they stay where they are.")

        @OptionGroup var selection: Selection
        @Flag(help: "Show the messages' bodies as well. Account numbers in them are sealed.")
        var bodies = false
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let letters = try await system.withDeadLetters { box in
                try await box.letters(of: selection.queue, matching: selection.id, limit: selection.limit)
                    .map { DeadLetterDescription($0, showsBody: bodies) }
            }
            let empty = "\(selection.queue) has no dead letter" + (selection.id.map { " with the id \($0)." } ?? "s.")
            try Answer.print(letters, asJSON: system.json, empty: empty) { letters.map(\.line) }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends dead letters back to the queue they came from.")

        @OptionGroup var selection: Selection
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let count = try await system.withDeadLetters { box in
                try await box.replay(selection.queue, matching: selection.id, limit: selection.limit)
            }
            try Answer.print(["replayed": count], asJSON: system.json) { [selection.line("replayed", count)] }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes dead letters for good.")

        @OptionGroup var selection: Selection
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let count = try await system.withDeadLetters { box in
                try await box.discard(selection.queue, matching: selection.id, limit: selection.limit)
            }
            try Answer.print(["discarded": count], asJSON: system.json) { [selection.line("discarded", count)] }
        }
    }

    /// Which dead letters a command means.
    struct Selection: ParsableArguments {
        @Argument(help: "The queue that the jobs were in, such as jobs.claim.")
        var queue: String

        @Option(help: "Only the oldest message with this id, such as clm_01J….")
        var id: String?

        @OptionGroup var most: LimitOption
        var limit: Int { most.limit }

        /// What was done, and whether there may be more to do.
        func line(_ done: String, _ count: Int) -> String {
            "\(done) \(count)" + (count == limit && id == nil ? ", the limit: there may be more" : "")
        }
    }
}

/// A dead letter as this command prints it.
struct DeadLetterDescription: Encodable {
    let messageId: String?
    let reason: String
    let deliveries: Int
    let traceparent: String?
    let body: String?

    init(_ delivery: Delivery, showsBody: Bool) {
        messageId = delivery.messageId
        reason = delivery.deathReason
        deliveries = delivery.deliveryCount
        traceparent = delivery.traceparent
        body = showsBody ? String(decoding: delivery.body, as: UTF8.self) : nil
    }

    var line: String {
        [messageId ?? "(no id)", "deliveries=\(deliveries)", reason, body].compactMap { $0 }.joined(separator: "\t")
    }
}

extension Delivery {
    /// Why it is a dead letter: a worker's word, or the broker's.
    var deathReason: String {
        if case .string(let reason)? = headers[JobTopology.reasonHeader] { return reason }
        if case .string(let reason)? = headers["x-death-reason"] { return "broker: \(reason)" }
        return "unknown"
    }
}
