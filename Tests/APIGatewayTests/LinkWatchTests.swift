import APIGateway
import PaymentLinks
import Storage
import Testing

@Suite("When a wait for a link's change ends")
struct LinkWatchTests {
    private let refusal = Refusal(code: .walletNotFound, message: "There is no such wallet.", details: nil)

    @Test("A creation that was accepted is waited for, until it is made or refused")
    func promised() {
        var watch = LinkWatch()
        let looks: [(LinkStore.Lookup, Bool)] = [(.absent, false), (.absent, false), (.refused(refusal), true)]
        for (lookup, isOver) in looks { #expect(watch.isOver(lookup, isPromised: true) == isOver) }
    }

    @Test("What was never accepted, and what was refused, is not waited for")
    func final() {
        for (lookup, isPromised) in [(LinkStore.Lookup.absent, false), (.refused(refusal), true)] {
            var watch = LinkWatch()
            let isOver1 = watch.isOver(lookup, isPromised: isPromised)
            #expect(isOver1)
        }
    }

    @Test("An active link is waited for as long as it looks the same, and no longer")
    func active() throws {
        let link = LinkRecord(try Self.created(at: 1))
        var watch = LinkWatch()
        let isOver2 = watch.isOver(.link(link), isPromised: false)
        #expect(!isOver2)
        let isOver3 = watch.isOver(.link(link), isPromised: false)
        #expect(!isOver3)
        let isOver4 = try watch.isOver(.link(LinkRecord(Self.created(at: 2))), isPromised: false)
        #expect(isOver4)
    }

    private static func created(at seconds: Int64) throws -> CreatedLink {
        var generator = SystemRandomNumberGenerator()
        let digest = try #require(Digest(bytes: [UInt8](repeating: 0, count: 32)))
        let creation = LinkCreation(
            linkId: LinkID(bits: 1), organizationId: OrganizationID(bits: 1), environment: .sandbox,
            walletId: WalletID(bits: 1), slug: Slug.mint(using: &generator),
            amount: Money(minorUnits: 1, currency: .usd), description: nil, restrictions: nil, expiresAt: nil,
            metadataJSON: "{}", digest: digest, idempotencyKey: nil)
        return CreatedLink(creation: creation, createdAt: Timestamp(microseconds: seconds * 1_000_000))
    }
}
