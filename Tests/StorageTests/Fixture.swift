import PaymentLinks
import Postgres
import Storage

/// An organization with wallets and links, made through the stores.
struct Fixture: Sendable {
    static let policy = RailPolicy(
        depositAddresses: [.sandbox: Chain.polygon.usdcToken, .production: Chain.base.usdcToken],
        achLimit: Money(minorUnits: 100_000_000, currency: .usd))

    let database: TestDatabase
    let organization = OrganizationID.mint(at: .now())

    init(_ database: TestDatabase) async throws {
        self.database = database
        try await OrganizationStore(pool: database.pool).insert(
            organization, name: "Test organization", displayName: "Test Payee", at: .now())
    }

    var claims: ClaimStore { ClaimStore(pool: database.pool, policy: Self.policy) }
    var creations: CreationStore { CreationStore(pool: database.pool) }
    var settlements: SettlementStore { SettlementStore(pool: database.pool) }
    var funding: FundingStore { FundingStore(pool: database.pool) }

    static func digest() -> Digest {
        let digest = Digest(bytes: (0..<32).map { _ in UInt8.random(in: 0 ... .max) })
        guard let digest else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }

    static func slug() -> Slug {
        var generator = SystemRandomNumberGenerator()
        return Slug.mint(using: &generator)
    }

    func wallet(_ currency: Currency = .usd, funds cents: Int64 = 0) async throws -> WalletID {
        let creation = WalletCreation(
            organizationId: organization, environment: .sandbox, name: "Wallet", agentName: nil, currency: currency,
            allowsPublicClaims: true, metadataJSON: "{}")
        guard
            case .made(let wallet) = try await WalletCreationStore(pool: database.pool).create(
                creation, idempotency: nil)
        else { throw StorageError.unreadable("a wallet was expected") }
        if cents > 0, let amount = Money(minorUnits: cents, currency: .usd).converted(to: currency) {
            _ = try await funding.fund(wallet.id, organization: organization, amount: amount, idempotency: nil)
        }
        return wallet.id
    }

    func creation(
        to wallet: WalletID, cents: Int64 = 1_000, expiresAt: Timestamp? = nil, digest: Digest = digest(),
        key: Digest? = nil
    ) -> LinkCreation {
        LinkCreation(
            linkId: .mint(at: .now()), organizationId: organization, environment: .sandbox, walletId: wallet,
            slug: Self.slug(), amount: Money(minorUnits: cents, currency: .usd), description: "For work",
            restrictions: nil, expiresAt: expiresAt, metadataJSON: #"{"a": 1}"#, digest: digest, idempotencyKey: key)
    }

    func links(_ count: Int, to wallet: WalletID, cents: Int64 = 1_000) async throws -> [LinkCreation] {
        let links = (0..<count).map { _ in creation(to: wallet, cents: cents) }
        _ = try await creations.create(links, removing: [])
        return links
    }

    func link(to wallet: WalletID, cents: Int64 = 1_000) async throws -> LinkCreation {
        try await links(1, to: wallet, cents: cents)[0]
    }

    /// Lets a link's time have come since a second.
    func makeOverdue(_ link: LinkID) async throws {
        try await database.execute(
            "UPDATE payment_links SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1",
            [.uuid(link.bits)])
    }

    func claim(
        _ slug: Slug, by payer: ClaimRequest.Payer = .ach(sealedDestination: [1, 2, 3]), digest: Digest = digest(),
        key: Digest? = nil
    ) -> ClaimRequest {
        ClaimRequest(
            claimId: .mint(at: .now()), transactionId: .mint(at: .now()), slug: slug, payer: payer,
            recipientEmail: try? EmailAddress("payer@example.com"), authority: nil, digest: digest, idempotencyKey: key)
    }

    func outcome(_ kind: SettlementOutcome.Kind, of claim: ClaimID) -> SettlementOutcome {
        SettlementOutcome(
            settlementId: claim, kind: kind, code: kind == .returned ? "R01" : nil, reason: nil, reference: "trace",
            occurredAt: .now())
    }

    func balance(of wallet: WalletID) async throws -> WalletBalance {
        guard let record = try await WalletStore(pool: database.pool).find(wallet, organization: organization) else {
            throw StorageError.unreadable("the wallet is gone")
        }
        return record.balance
    }

    func status(of link: LinkCreation) async throws -> LinkStatus? {
        let found = try await LinkStore(pool: database.pool).find(link.linkId, organization: organization)
        if case .link(let record) = found { return record.status }
        return nil
    }
}

extension ClaimPlan {
    /// The refusals' codes in the jobs' order; `nil` stands for an accepted claim.
    var codes: [ErrorCode?] {
        answers.map { if case .refused(let refusal) = $0.outcome { refusal.code } else { nil } }
    }
}

/// Something else came back than a test needs to go on.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
