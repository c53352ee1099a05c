import ArgumentParser
import Foundation
import PaymentLinks
import Storage

/// `paylinks webhooks`: endpoints and their deliveries, for operators; and a listener for development.
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Lists webhook endpoints and deliveries, sends again, and listens.",
        subcommands: [
            List.self, Deliveries.self, Dead.self, Redeliver.self, Replay.self, Reseal.self, Listen.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists an organization's endpoints.")

        @Argument(help: "The organization, such as org_01J….", transform: OrganizationID.parse)
        var organization: OrganizationID
        @OptionGroup var environment: EnvironmentOption
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let owner = WebhookOwner(organizationId: organization, environment: environment.value)
            let webhooks = try await system.withDatabase { pool in
                try await WebhookStore(pool: pool).list(owner).map(WebhookDescription.init)
            }
            let empty = "\(organization) has no endpoints in \(environment.name)."
            try Answer.print(webhooks, asJSON: system.json, empty: empty) { webhooks.map(\.line) }
        }
    }

    struct Deliveries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists an endpoint's latest deliveries, newest first.")

        @Argument(help: "The endpoint, such as hook_01J….", transform: WebhookID.parse)
        var webhook: WebhookID
        @Option(
            help: "Only those that are PENDING, DELIVERED, FAILED or DISCARDED.", transform: DeliveryRecord.Status.parse
        )
        var status: DeliveryRecord.Status?
        @Option(help: "At most so many.")
        var limit = 20
        @Option(help: "Go on behind this delivery, the last one of the list before.", transform: DeliveryID.parse)
        var after: DeliveryID?
        @OptionGroup var system: SystemOptions

        func validate() throws {
            guard (1...1000).contains(limit) else { throw ValidationError("--limit takes 1 to 1000.") }
        }

        func run() async throws {
            let request = PageRequest(limit: limit, after: after?.bits)
            let page = try await system.withDatabase { pool in
                try await DeliveryStore(pool: pool).list(webhook, status: status, request)
            }
            let deliveries = page.items.map(DeliveryDescription.init)
            let last = page.hasMore ? deliveries.last : nil
            let hint = last.map { ["there are more: go on with --after \($0.id)"] } ?? []
            let empty = "\(webhook) has no deliveries" + (status.map { " that are \($0.rawValue)." } ?? ".")
            try Answer.print(deliveries, asJSON: system.json, empty: empty) { deliveries.map(\.line) + hint }
        }
    }

    struct Redeliver: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Starts one delivery over.")

        @Argument(help: "The endpoint, such as hook_01J….", transform: WebhookID.parse)
        var webhook: WebhookID
        @Argument(help: "The delivery, such as dlv_01J….", transform: DeliveryID.parse)
        var delivery: DeliveryID
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let isFound = try await system.withDatabase { pool in
                try await DeliveryStore(pool: pool).redeliver(delivery, of: webhook)
            }
            guard isFound else { throw Failure.wrongArgument("\(webhook) has no delivery \(delivery).") }
            try Answer.print(["delivery": "\(delivery)"], asJSON: system.json) { ["\(delivery) is on its way again"] }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends an endpoint every event again that was made since a time, or after an event.")

        @Argument(help: "The endpoint, such as hook_01J….", transform: WebhookID.parse)
        var webhook: WebhookID
        @Option(
            help: "An ISO 8601 time with a zone, such as 2026-04-01T00:00:00Z, or an event, such as evt_01J….",
            transform: DeliveryStore.ReplayStart.parse)
        var since: DeliveryStore.ReplayStart
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let replay = try await system.withDatabase { pool in
                try await DeliveryStore(pool: pool).replay(to: webhook, from: since)
            }
            let answer = ReplayDescription(replayed: replay.count, nextSince: replay.next)
            try Answer.print(answer, asJSON: system.json) { answer.lines }
        }
    }
}

/// Which environment a command means.
struct EnvironmentOption: ParsableArguments {
    @Flag(help: "The production environment rather than the sandbox.")
    var production = false

    var value: Environment { production ? .production : .sandbox }

    /// For people, with the way to the other environment.
    var name: String { production ? "PRODUCTION" : "the SANDBOX (--production is the other environment)" }
}
