import ArgumentParser
import PaymentLinks
import Sealing
import ServiceHost
import Storage
import Webhooks

extension WebhooksCommand {
    struct Reseal: AsyncParsableCommand {
        private static let pageSize = 500

        static let configuration = CommandConfiguration(
            abstract: "Seals every endpoint's secret with the first of the webhook sealing keys.",
            discussion: """
                Reads PAYLINKS_WEBHOOK_SEALING_KEYS, and PAYLINKS_SEALING_KEYS for secrets that an older version sealed. \
                Run it after a key was added in front, and before an old key is removed. It may run at any time and \
                more than once.
                """)

        @OptionGroup var system: SystemOptions

        func run() async throws {
            let ring = try Self.ring(Settings())
            let count = try await system.withDatabase { try await reseal(in: WebhookSecretStore(pool: $0), ring) }
            try Answer.print(["resealed": count], asJSON: system.json) {
                ["resealed the secrets of \(count) endpoints"]
            }
        }

        /// The webhook keys, and behind them the general keys that have other names.
        private static func ring(_ settings: Settings) throws -> KeyRing {
            let keys = try settings.keyPairs(.webhookSealingKeys)
            guard !keys.isEmpty else {
                throw Failure.wrongArgument("Set PAYLINKS_WEBHOOK_SEALING_KEYS, the new key first.")
            }
            let names = Set(keys.map(\.name))
            return try KeyRing(keys + settings.keyPairs(.sealingKeys).filter { !names.contains($0.name) })
        }

        private func reseal(in store: WebhookSecretStore, _ ring: KeyRing) async throws -> Int {
            var (count, last): (Int, WebhookID?) = (0, nil)
            while true {
                let page = try await store.page(after: last, limit: Self.pageSize)
                let changes = try page.compactMap { old in try Self.resealed(old, ring).map { (old, $0) } }
                count += try await store.replace(changes.map(\.0), with: changes.map(\.1))
                guard page.count == Self.pageSize else { return count }
                last = page.last?.id
            }
        }

        /// `nil` if the first key sealed both secrets already.
        private static func resealed(_ old: SealedWebhookSecrets, _ ring: KeyRing) throws -> SealedWebhookSecrets? {
            let context = WebhookSecret.sealingContext(old.id)
            let secret = try ring.resealed(old.secret, context: context)
            let previous = try old.previous.flatMap { try ring.resealed($0, context: context) }
            guard secret != nil || previous != nil else { return nil }
            return SealedWebhookSecrets(
                id: old.id, secret: secret ?? old.secret, previous: previous ?? old.previous)
        }
    }
}
