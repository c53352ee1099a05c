import ArgumentParser
import PaymentLinks
import Postgres
import Storage

extension WebhooksCommand {
    /// `paylinks webhooks dead`: deliveries whose attempts are used up.
    struct Dead: AsyncParsableCommand {
        /// How many are read at a time.
        private static let pageSize = 500

        static let configuration = CommandConfiguration(
            abstract: "Lists, retries or discards the deliveries that were given up.",
            discussion: """
                Newest first, of all of an organization's endpoints. With --retry or --discard each of them is started \
                over, or given up for good.
                """)

        @Argument(help: "The organization, such as org_01J….", transform: OrganizationID.parse)
        var organization: OrganizationID
        @Option(help: "Go on behind this delivery, the last one of the list before.", transform: DeliveryID.parse)
        var after: DeliveryID?
        @Flag(help: "Start each of them over.")
        var retry = false
        @Flag(help: "Give each of them up for good.")
        var discard = false
        @OptionGroup var most: LimitOption
        @OptionGroup var environment: EnvironmentOption
        @OptionGroup var system: SystemOptions

        private var owner: WebhookOwner {
            WebhookOwner(organizationId: organization, environment: environment.value)
        }

        func validate() throws {
            if retry && discard { throw ValidationError("Choose either --retry or --discard.") }
        }

        func run() async throws {
            let (changed, listed) = try await system.withDatabase { try await walk(DeliveryStore(pool: $0)) }
            guard retry || discard else {
                return try Answer.print(listed, asJSON: system.json, empty: "No deliveries were given up.") {
                    listed.map(\.line)
                }
            }
            let action = retry ? "retried" : "discarded"
            try Answer.print([action: changed], asJSON: system.json) { ["\(action) \(changed)"] }
        }

        /// Goes through the list behind the last delivery of each page, so that what leaves the list skips nothing.
        private func walk(_ store: DeliveryStore) async throws -> (changed: Int, listed: [DeliveryDescription]) {
            var (changed, listed): (Int, [DeliveryDescription]) = (0, [])
            var (seen, last) = (0, after)
            while seen < most.limit {
                let request = PageRequest(limit: min(Self.pageSize, most.limit - seen), after: last?.bits)
                let page = try await store.listDead(owner, request)
                for dead in page.items {
                    if try await change(dead.delivery.id, store) { changed += 1 }
                }
                if !retry && !discard { listed += page.items.map { DeliveryDescription($0.delivery) } }
                seen += page.items.count
                last = page.items.last?.delivery.id
                guard page.hasMore else { break }
            }
            return (changed, listed)
        }

        private func change(_ id: DeliveryID, _ store: DeliveryStore) async throws -> Bool {
            if retry { return try await store.retryDead(id, owner: owner) }
            return discard ? try await store.discardDead(id, owner: owner) : false
        }
    }
}
