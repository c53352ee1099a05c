import APIGateway
import Foundation
import PaymentLinks
import Sealing
import Storage
import Testing

@Suite("The shapes of answers")
struct ResponseTests {
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private func keys(_ json: [UInt8]) throws -> Set<String> {
        let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
        return Set(try #require(object).keys)
    }

    @Test func `A claim that is not decided has the fields of one that is`() throws {
        let slug = try #require(Slug("0123456789abcdefghjk"))
        let receipt = ClaimReceipt(
            claimId: .mint(at: now), transactionId: .mint(at: now), slug: slug, method: .wallet,
            amount: Money(minorUnits: 150, currency: .usd), createdAt: now, instructions: nil)
        let decided = try keys(ClaimJSON.claim(ClaimRecord(decided: receipt)))
        let processing = try keys(ClaimJSON.processing(receipt.claimId, slug: slug, method: .wallet))
        #expect(decided == processing)
        #expect(decided.isSuperset(of: ["claimId", "transactionId", "slug", "method", "status", "amount", "link"]))
    }

    @Test func `Details hold what a payer needs and nothing more`() throws {
        let details = LinkDetails(
            slug: try #require(Slug("0123456789abcdefghjk")), amount: Money(minorUnits: 150, currency: .usd),
            description: nil, status: .active, expiresAt: nil, payee: "Acme", isRestricted: true,
            acceptsWalletsOnly: false)
        #expect(
            try keys(LinkJSON.details(details, methods: [.ach])) == [
                "slug", "amount", "currency", "description", "status", "expiresAt", "payee", "acceptedMethods",
                "restricted",
            ])
    }

    @Test(arguments: [
        (Money(minorUnits: 100, currency: .usd), false, [ClaimMethod.ach, .usdc, .wallet]),
        (Money(minorUnits: 100_001, currency: .usd), false, [.usdc, .wallet]),
        (Money(minorUnits: 1, currency: .usdc), false, [.usdc, .wallet]),
        (Money(minorUnits: 100, currency: .usd), true, [.wallet]),
    ])
    func `Only methods that can carry the amount are accepted`(
        _ amount: Money, _ acceptsWalletsOnly: Bool, _ expected: [ClaimMethod]
    ) throws {
        let details = LinkDetails(
            slug: try #require(Slug("0123456789abcdefghjk")), amount: amount, description: nil, status: .active,
            expiresAt: nil, payee: "Acme", isRestricted: acceptsWalletsOnly, acceptsWalletsOnly: acceptsWalletsOnly)
        let accepted = AcceptedMethods(achLimit: Money(minorUnits: 100_000, currency: .usd), rails: ConnectedRails())
        #expect(accepted.list(for: details) == expected)
    }

    @Test(
        arguments: [
            (.active, .sandbox, [], [.ach, .usdc, .wallet]),
            (.active, .production, [], [.wallet]), (.active, .production, [.ach], [.ach, .wallet]),
            (.active, .production, [.ach, .usdc], [.ach, .usdc, .wallet]), (.claimed, .sandbox, [.ach, .usdc], []),
            (.cancelled, .sandbox, [.ach, .usdc], []), (.expired, .sandbox, [.ach, .usdc], []),
        ] as [(LinkStatus, PaymentLinks.Environment, Set<ClaimMethod>, [ClaimMethod])])
    func `Only methods that a rail carries are accepted, and none on a link that cannot be claimed`(
        _ status: LinkStatus, _ environment: PaymentLinks.Environment, _ rails: Set<ClaimMethod>,
        _ expected: [ClaimMethod]
    ) throws {
        let details = LinkDetails(
            slug: try #require(Slug("0123456789abcdefghjk")), environment: environment,
            amount: Money(minorUnits: 100, currency: .usd), description: nil, status: status, expiresAt: nil,
            payee: "Acme", isRestricted: false, acceptsWalletsOnly: false)
        let limit = Money(minorUnits: 100_000, currency: .usd)
        let accepted = AcceptedMethods(achLimit: limit, rails: ConnectedRails(production: rails))
        #expect(accepted.list(for: details) == expected)
    }

    @Test func `A key's secret is shown when it is made and never again`() throws {
        var generator = SystemRandomNumberGenerator()
        let secret = APISecret.mint(.sandbox, using: &generator)
        let key = APIKey(
            id: .mint(at: now), organizationId: .mint(at: now), environment: .sandbox, name: "k", prefix: secret.prefix,
            grant: KeyGrant(permissions: [.paymentsRead]), revokedAt: nil, createdAt: now)
        #expect(try keys(KeyJSON.key(key, secret: secret, at: now)).contains("secret"))
        #expect(try !keys(KeyJSON.key(key, at: now)).contains("secret"))
    }

    @Test(
        arguments: [
            (nil, "127.0.0.1", "http://127.0.0.1:9000/v1/payment-links/claim/0123456789abcdefghjk"),
            (nil, "::1", "http://[::1]:9000/v1/payment-links/claim/0123456789abcdefghjk"),
            ("https://pay.example.com/", "x", "https://pay.example.com/v1/payment-links/claim/0123456789abcdefghjk"),
        ] as [(String?, String, String)])
    func `A link's address starts with what is set, or with where we listen`(
        _ configured: String?, _ host: String, _ url: String
    ) throws {
        let address = PublicAddress(configured: configured, host: host, port: 0)
        address.bound(to: 9000)
        #expect(address.url(of: try #require(Slug("0123456789abcdefghjk"))) == url)
    }
}
