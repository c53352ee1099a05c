import PaymentLinks
import Testing

@Suite("What creations of links are answered")
struct CreationBatchTests {
    private static func creation(
        _ number: Int = 1, amount: Money = Sample.usd(100), wallet: WalletID = Sample.payee,
        of organization: OrganizationID = Sample.organization, in environment: Environment = .sandbox,
        digest: Int? = nil, key: Int? = nil, acceptedAt milliseconds: Int64 = 0, expiresAt: Timestamp? = nil
    ) -> LinkCreation {
        LinkCreation(
            linkId: LinkID(bits: UInt128(milliseconds) << 80 | UInt128(number)), organizationId: organization,
            environment: environment,
            walletId: wallet, slug: Sample.slug(number), amount: amount, description: nil, restrictions: nil,
            expiresAt: expiresAt, metadataJSON: "{}", digest: Sample.digest(digest ?? number),
            idempotencyKey: key.map { Sample.digest(-1 - $0) })
    }

    private static func decide(
        _ creations: [LinkCreation], payee: Currency = .usd, earlier: [LinkID: CreationBatchState.Earlier] = [:]
    ) -> CreationPlan {
        var generator = SeededGenerator(seed: 1)
        let state = CreationBatchState(
            wallets: [Sample.payee: Sample.wallet(Sample.payee, currency: payee)], earlier: earlier, keys: [:],
            now: Sample.now)
        return CreationBatch.decide(creations, on: state, using: &generator)
    }

    @Test("A link is created, told and answered")
    func created() throws {
        let plan = Self.decide([Self.creation(key: 1)])
        #expect(plan.links.map(\.linkId) == [LinkID(bits: 1)])
        #expect(plan.events.map(\.type) == [.linkCreated])
        #expect(plan.keys.map(\.linkId) == [LinkID(bits: 1)])
        let link = try #require(plan.answers.first?.outcome.link)
        #expect(link.createdAt == Sample.now && link.creation.slug == Sample.slug(1))
        #expect(plan.results.isEmpty)
    }

    private static let refused: [(LinkCreation, ErrorCode)] = [
        (creation(wallet: Sample.payer), .walletNotFound),
        (creation(of: Sample.stranger), .walletNotFound),
        (creation(of: Sample.stranger, in: .production), .walletNotFound),
        (creation(in: .production), .environmentMismatch),
        (creation(amount: Sample.usdc(10_001)), .amountNotRepresentable),
        (creation(amount: Sample.usdc(10_001), in: .production), .environmentMismatch),
    ]

    @Test("A creation that its wallet cannot serve is refused and remembered", arguments: refused)
    func refusals(row: (LinkCreation, ErrorCode)) {
        let plan = Self.decide([row.0])
        #expect(plan.answers.map(\.outcome.refusal?.code) == [row.1])
        #expect(plan.links.isEmpty && plan.events.isEmpty)
        #expect(plan.results.map(\.refusal?.code) == [row.1])
    }

    @Test("A sub-cent link can settle into a wallet of USDC")
    func subCent() {
        #expect(Self.decide([Self.creation(amount: Sample.usdc(10_001))], payee: .usdc).links.count == 1)
    }

    @Test("A used key repeats the first outcome, created or refused", arguments: [Sample.payee, Sample.payer])
    func usedKey(wallet: WalletID) {
        let plan = Self.decide([
            Self.creation(1, wallet: wallet, key: 1), Self.creation(2, wallet: wallet, digest: 1, key: 1),
        ])
        #expect(plan.answers.map(\.isReplayed) == [false, true])
        #expect(plan.answers[0].outcome.linkId == plan.answers[1].outcome.linkId)
        #expect(plan.answers[0].outcome.refusal == plan.answers[1].outcome.refusal)
        let isRefused = plan.answers[0].outcome.refusal != nil
        #expect(plan.results.last?.answeredBy == (isRefused ? nil : LinkID(bits: 1)))
        #expect(plan.results.last?.refusal == plan.answers[0].outcome.refusal)
        #expect(plan.keys.count == 1 && plan.events.count <= 1)
    }

    @Test("A key with another body is refused and stays with its first request")
    func reusedKey() {
        let plan = Self.decide([
            Self.creation(1, key: 1), Self.creation(2, key: 1), Self.creation(3, digest: 1, key: 1),
        ])
        #expect(plan.answers.map(\.outcome.refusal?.code) == [nil, .idempotencyKeyReuse, nil])
        #expect(plan.answers[2].outcome.linkId == LinkID(bits: 1))
        #expect(plan.keys.count == 1)
    }

    @Test("Once its expiry has passed a creation is only ever the repetition of one that was in time")
    func late() {
        let expiry = Timestamp(microseconds: 2_000_000)
        let first = Self.creation(1, digest: 1, key: 1, acceptedAt: 1999, expiresAt: expiry)
        let again = Self.creation(2, digest: 1, key: 1, acceptedAt: 2000, expiresAt: expiry)
        let plan = Self.decide([first, again])
        #expect(plan.answers.map(\.outcome.linkId) == [first.linkId, first.linkId])
        #expect(plan.answers.map(\.isReplayed) == [false, true])

        let alone = Self.decide([again, again])
        #expect(alone.links.isEmpty && alone.events.isEmpty)
        #expect(alone.keys.isEmpty, "a request that is wrong in itself binds no key")
        for refusal in alone.answers.map(\.outcome.refusal) {
            #expect(refusal?.code == .validationError && refusal?.message == "expiresAt: Send a time in the future.")
            #expect(refusal?.fields?.map(\.field) == ["expiresAt"])
        }
        let another = Self.decide([first, Self.creation(3, digest: 3, key: 1, acceptedAt: 2000, expiresAt: expiry)])
        #expect(another.answers.last?.outcome.refusal?.code == .idempotencyKeyReuse)
    }

    @Test("A creation that lay in the queue beyond its expiry is kept: it was accepted in time")
    func keptBeyondItsExpiry() {
        let accepted = Self.creation(acceptedAt: 1999, expiresAt: Timestamp(microseconds: 2_000_000))
        #expect(Self.decide([accepted]).links.map(\.linkId) == [accepted.linkId])
    }

    @Test("A message that is delivered twice creates one link")
    func redelivered() {
        let plan = Self.decide([Self.creation(), Self.creation()])
        #expect(plan.links.count == 1 && plan.events.count == 1)
        #expect(plan.answers.map(\.isReplayed) == [false, false])
        let link = CreatedLink(creation: Self.creation(), createdAt: Sample.now)
        let again = Self.decide(
            [Self.creation()], earlier: [LinkID(bits: 1): .init(linkId: LinkID(bits: 1), outcome: .created(link))])
        #expect(again.isEmpty && again.events.isEmpty && again.answers.count == 1)
    }

    @Test("Equal creations without a key are different links")
    func withoutKey() {
        #expect(Self.decide([Self.creation(1, digest: 1), Self.creation(2, digest: 1)]).links.count == 2)
    }
}

extension CreationOutcome {
    var link: CreatedLink? { if case .created(let link) = self { link } else { nil } }
    var linkId: LinkID? { link?.creation.linkId }
    var refusal: Refusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}
