import Logging
import PaymentLinks
import Postgres
import Sealing
import Storage

/// What a new development database starts with: an organization, its keys, and two sandbox wallets, one with money.
enum DevelopmentSeed {
    struct Seed: Codable, Sendable {
        let apiKey: String
        let liveApiKey: String
        let organizationId: String
        let payeeWalletId: String
        let payerWalletId: String
    }

    /// What the payer's wallet holds at first: 10,000.00 USD.
    private static let funds = Money(minorUnits: 1_000_000, currency: .usd)

    static func run(databaseURL: String) async throws -> Seed {
        let pool = PostgresPool(
            configuration: PostgresConfiguration(connectionString: databaseURL, applicationName: "paylinks dev"),
            connections: 1, logger: SystemOptions.logger)
        do {
            let seed = try await plant(in: pool)
            await pool.shutdown()
            return seed
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    private static func plant(in pool: PostgresPool) async throws -> Seed {
        let organization = OrganizationID.mint(at: .now())
        try await OrganizationStore(pool: pool).insert(
            organization, name: "Demo organization", displayName: "Demo organization", at: .now())
        let payer = try await wallet("Payer", of: organization, in: pool)
        _ = try await FundingStore(pool: pool).fund(
            payer, organization: organization, amount: funds, idempotency: nil)
        return Seed(
            apiKey: try await key(.sandbox, of: organization, in: pool),
            liveApiKey: try await key(.production, of: organization, in: pool),
            organizationId: organization.description,
            payeeWalletId: try await wallet("Payee", of: organization, in: pool).description,
            payerWalletId: payer.description)
    }

    private static func wallet(
        _ name: String, of organization: OrganizationID, in pool: PostgresPool
    ) async throws -> WalletID {
        let creation = WalletCreation(
            organizationId: organization, environment: .sandbox, name: name, agentName: nil, currency: .usd,
            allowsPublicClaims: false, metadataJSON: "{}")
        guard case .made(let wallet) = try await WalletCreationStore(pool: pool).create(creation, idempotency: nil)
        else { throw DevelopmentError.notSeeded }
        return wallet.id
    }

    private static func key(
        _ environment: Environment, of organization: OrganizationID, in pool: PostgresPool
    ) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let secret = APISecret.mint(environment, using: &generator)
        let key = APIKey(
            id: .mint(at: .now()), organizationId: organization, environment: environment, name: "Development",
            prefix: secret.prefix, grant: KeyGrant(permissions: Set(Permission.allCases)), revokedAt: nil,
            createdAt: .now())
        try await APIKeyStore(pool: pool).insert(key, secretDigest: secret.digest)
        return secret.text
    }
}
