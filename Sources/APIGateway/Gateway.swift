import HTTPTypes
import Logging
import PaymentLinks
import Relay
import Sealing
import Storage

/// Everything that routes work with; made once, at start.
struct Gateway: Sendable {
    let links: LinkStore
    let claims: ClaimLookup
    let cancellations: CancellationStore
    let releases: ReleaseStore
    let wallets: WalletStore
    let walletCreations: WalletCreationStore
    let fundings: FundingStore
    let transactions: TransactionStore
    let holds: HoldStore
    let keys: APIKeyStore
    let keyAdministration: KeyAdministration
    let organizations: OrganizationStore
    let outbox: Outbox
    let jobs: JobSender
    let sealer: DestinationSealer
    let identifiers: AcceptedIdentifiers
    let digests: RequestDigests
    let webhooks: WebhookDesk
    let linkJSON: LinkJSON
    let acceptedMethods: AcceptedMethods
    let railGate: RailGate
    let keysInFlight = KeysInFlight()
    let guesses = RecipientGuesses()
    let details: SlugReader<LinkDetails>
    let slugs: KnownSlugs
    let batchSlots: FairSlots
    let polling: Polling
    /// How long a job's outcome is waited for unless the caller prefers otherwise.
    let defaultWait: Duration
    /// How old an accepted id may be that no row knows, and still count as being worked on.
    let promiseAge: Duration
    /// The requests a second of a key that has no limit of its own.
    let ratePerKey: Int
    /// The most API keys of one organization that are neither revoked nor expired.
    let keyLimit: Int
    /// The most that a batch may last.
    let batchDuration: Duration
    let logger: Logger
}

extension Gateway {
    /// What to think of an id that no row knows: being worked on if a gateway gave it out, and not too long ago.
    enum Promise {
        case underWay, notKept, neverMade
    }

    func promise(of id: ClaimID, on slug: Slug) -> Promise {
        guard identifiers.isOurs(id, for: slug) else { return .neverMade }
        return isRecent(id.ulid) ? .underWay : .notKept
    }

    func promise(of id: LinkID, by organization: OrganizationID) -> Promise {
        guard identifiers.isOurs(id, for: organization) else { return .neverMade }
        return isRecent(id.ulid) ? .underWay : .notKept
    }

    private func isRecent(_ id: ULID) -> Bool {
        let madeAt = Timestamp(microseconds: id.milliseconds * 1_000)
        return Timestamp.now().duration(since: madeAt) <= promiseAge
    }

    /// Names a caller's idempotency key and the request that came with it.
    func reference(
        _ key: String?, scope: String, route: String, _ canonical: [UInt8]
    ) throws -> IdempotencyReference? {
        guard let key else { return nil }
        return IdempotencyReference(
            key: try digests.key(scope: scope, route: route, key: key), request: try digests.digest(of: canonical))
    }
}

extension Gateway {
    /// The caller's key as the database has it now, not as this gateway remembers it, if it may do all of this.
    ///
    /// For what outlives the key, and what it must not do between its revocation and the moment when gateways learn of
    /// it: other keys, wallets that are open to everyone, webhook endpoints, what the organization has chosen.
    func currentKey(_ context: GatewayContext, _ permissions: Permission...) async throws -> APIKey {
        guard let known = try context.optionalKey() else { throw Refusal.missingKey }
        guard let key = try await keys.find(known.id, organization: known.organizationId) else {
            throw Refusal.unknownKey
        }
        if let refusal = key.endOfLife(at: .now()) { throw refusal }
        for permission in permissions where !key.grant.permissions.contains(permission) {
            throw Refusal.missingPermission(permission)
        }
        return key
    }
}

extension Gateway {
    /// What a payer may know of a link; throws if no link has the slug, or none yet.
    func answer(_ details: LinkDetails?, of slug: Slug) throws(Refusal) -> Answer {
        guard let details else { throw slugs.isOurs(slug) ? .linkNotReady : .noSuchSlug }
        return Answer(status: .ok, json: LinkJSON.details(details, methods: acceptedMethods.list(for: details)))
    }
}

/// Publishes what the gateway's own transactions owe to the broker.
struct Outbox: Sendable {
    let publisher: OutboxPublisher
    let store: OutboxStore
    let logger: Logger

    /// Publishes the messages and removes their rows; what does not succeed is left to the relay, for the work itself
    /// is done and its caller need not know.
    func publish(_ messages: [OutboxMessage]) async {
        guard !messages.isEmpty else { return }
        let published = await publisher.publish(messages)
        do {
            try await store.remove(published)
        } catch {
            logger.warning("published messages stay in the outbox", metadata: ["error": "\(error)"])
        }
    }
}
