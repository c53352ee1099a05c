import PaymentLinks
import Testing

@Suite("Offers: claims by USDC")
struct OfferTests {
    private static let wallets = [Sample.wallet(Sample.payer, available: 100_000), Sample.wallet(Sample.payee)]
    private static let state = Sample.state([Sample.link()], wallets)

    private static func offer(_ number: Int, digest: Int? = nil, key: Int? = nil) -> ClaimRequest {
        Sample.claim(number, by: Sample.usdc, digest: digest, key: key)
    }

    @Test("An offer is accepted, takes nothing, and leaves the link to others")
    func open() throws {
        let plan = Sample.decide([Self.offer(1), Sample.claim(2)], on: Self.state)
        #expect(plan.codes == [nil, nil])
        let receipt = try #require(plan.answers[0].outcome.receipt)
        #expect(receipt.decidedStatus == .awaitingPayment && receipt.decidedLinkStatus == .active)
        #expect(plan.offers.map(\.claimId) == [Self.offer(1).claimId])
        #expect(plan.settlements.map(\.settlementId) == [Self.offer(1).claimId])
        #expect(plan.settlements.first?.instructions == receipt.instructions)
        #expect(plan.postings.map(\.transactionId) == [Sample.claim(2).transactionId])
        #expect(plan.events.map(\.type) == [.linkClaimed, .linkSettled])
    }

    @Test("An offer ends after its lifetime, and never later than its link", arguments: [nil, 30, 7200] as [Int64?])
    func payBefore(linkSeconds: Int64?) throws {
        let expiresAt = linkSeconds.map { Sample.now.advanced(by: .seconds($0)) }
        let state = Sample.state([Sample.link(expiresAt: expiresAt)], Self.wallets)
        let policy = RailPolicy(
            depositAddresses: [.sandbox: Chain.base.usdcToken], achLimit: Sample.usd(1), offerLifetime: .seconds(3600))
        let plan = Sample.decide([Self.offer(1)], on: state, policy: policy)
        let expected = Sample.now.advanced(by: .seconds(min(linkSeconds ?? .max, 3600)))
        #expect(plan.answers.first?.outcome.receipt?.instructions?.payBefore == expected)
        #expect(plan.offers.map(\.payBefore) == [expected])
    }

    @Test("The 17th offer displaces the oldest, and the 18th the one after it")
    func displaced() {
        let offers = (1...18).map { Self.offer($0) }
        let plan = Sample.decide(offers, on: Self.state)
        #expect(plan.codes.allSatisfy { $0 == nil } && plan.offers.count == 18)
        #expect(plan.displacedOffers == offers.prefix(2).map(\.claimId))
        #expect(Sample.decide(Array(offers.prefix(16)), on: Self.state).displacedOffers.isEmpty)
    }

    @Test("An equal claim without a key gets the open offer again; with a key, or once displaced, another is made")
    func equal() {
        let equal = Sample.decide([Self.offer(1), Self.offer(2, digest: 1)], on: Self.state)
        #expect(equal.answers.map(\.isReplayed) == [false, true] && equal.offers.count == 1)
        #expect(equal.answers[0].outcome == equal.answers[1].outcome)
        let keyed = Sample.decide([Self.offer(1), Self.offer(2, digest: 1, key: 1)], on: Self.state)
        #expect(keyed.answers.map(\.isReplayed) == [false, false] && keyed.offers.count == 2)
        let again = Sample.decide([Self.offer(1, key: 1), Self.offer(2, digest: 1, key: 1)], on: Self.state)
        #expect(again.answers.map(\.isReplayed) == [false, true] && again.offers.count == 1)
        let displaced = (1...17).map { Self.offer($0) } + [Self.offer(18, digest: 1)]
        #expect(Sample.decide(displaced, on: Self.state).offers.count == 18)
    }

    @Test("A link that is taken gives no offer again, and says whether it is being paid or has been paid")
    func taken() {
        let claims = [Self.offer(1), Sample.claim(2, by: Sample.ach), Self.offer(3, digest: 1)]
        let pending = Sample.decide(claims, on: Self.state).answers.last?.outcome.refusal
        #expect(pending?.code == .linkAlreadyClaimed && pending?.message.contains("is being paid") == true)
        let settled = Sample.decide([Sample.claim(1), Sample.claim(2)], on: Self.state).answers.last?.outcome.refusal
        #expect(settled?.code == .linkAlreadyClaimed && settled?.message.contains("has been paid") == true)
    }

    private static let rails: [(Set<ClaimMethod>, hasAddress: Bool, ClaimRequest.Payer, isCarried: Bool)] = [
        ([], true, Sample.ach, false), ([], true, Sample.usdc, false), ([.ach], true, Sample.ach, true),
        ([.ach], true, Sample.usdc, false), ([.usdc], true, Sample.usdc, true), ([.usdc], false, Sample.usdc, false),
    ]

    @Test("A production claim that no rail carries is refused, and the rail is not asked", arguments: rails)
    func railsAreChecked(row: (Set<ClaimMethod>, hasAddress: Bool, ClaimRequest.Payer, isCarried: Bool)) {
        let state = Sample.state(
            [Sample.link(environment: .production)], [Sample.wallet(Sample.payee, environment: .production)])
        let policy = RailPolicy(
            depositAddresses: row.hasAddress ? [.production: Chain.base.usdcToken] : [:],
            achLimit: Sample.usd(1_000_000), rails: ConnectedRails(production: row.0))
        let plan = Sample.decide([Sample.claim(by: row.2)], on: state, policy: policy)
        #expect(plan.codes == [row.isCarried ? nil : .railUnavailable])
        #expect(plan.settlements.isEmpty != row.isCarried)
    }

    @Test("Without an address of the operator's, the sandbox makes no offer")
    func sandboxAddress() {
        let policy = RailPolicy(depositAddresses: [.production: Chain.base.usdcToken], achLimit: Sample.usd(1_000_000))
        let plan = Sample.decide([Self.offer(1), Sample.claim(2, by: Sample.ach)], on: Self.state, policy: policy)
        #expect(plan.codes == [.railUnavailable, nil] && plan.offers.isEmpty)
    }

    @Test("The test network pays sandbox links only", arguments: Environment.allCases)
    func testNetwork(environment: Environment) {
        let state = Sample.state(
            [Sample.link(environment: environment)], [Sample.wallet(Sample.payee, environment: environment)])
        let claim = Sample.claim(by: .usdc(sealedDestination: [1], chain: .baseSepolia))
        let plan = Sample.decide([claim], on: state)
        #expect(plan.codes == [environment == .sandbox ? nil : .railUnavailable])
        #expect(plan.offers.isEmpty == (environment == .production))
        guard environment == .sandbox, let instructions = plan.answers[0].outcome.receipt?.instructions else { return }
        #expect(instructions.paymentUri.hasPrefix("ethereum:\(Chain.baseSepolia.usdcToken)@84532/transfer"))
    }
}
