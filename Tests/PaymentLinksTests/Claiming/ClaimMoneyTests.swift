import PaymentLinks
import Testing

@Suite("What a claim moves")
struct ClaimMoneyTests {
    @Test("Ten claims on one wallet spend no more than it has")
    func runningBalance() {
        let links = (1...10).map { Sample.link($0, amount: Sample.usd(1_000)) }
        let state = Sample.state(links, [Sample.wallet(Sample.payer, available: 3_500), Sample.wallet(Sample.payee)])
        let plan = Sample.decide((1...10).map { Sample.claim($0, on: $0) }, on: state)
        #expect(plan.codes == Array(repeating: nil, count: 3) + Array(repeating: .insufficientFunds, count: 7))
        #expect(plan.postings.walletChanges[Sample.payer]?.available == -3_000)
        #expect(plan.postings.walletChanges[Sample.payee]?.available == 3_000)
    }

    @Test("What a wallet receives it can spend in the same batch")
    func passedOn() {
        let links = [
            Sample.link(1, amount: Sample.usd(500), to: Sample.payee),
            Sample.link(2, amount: Sample.usd(500), to: Sample.payer),
        ]
        let state = Sample.state(links, [Sample.wallet(Sample.payer, available: 500), Sample.wallet(Sample.payee)])
        let claims = [
            Sample.claim(1, on: 2, by: .wallet(Sample.payee)), Sample.claim(2, on: 1),
            Sample.claim(3, on: 2, by: .wallet(Sample.payee)),
        ]
        #expect(Sample.decide(claims, on: state).codes == [.insufficientFunds, nil, nil])
    }

    @Test("A payer's wallet must have what the batch takes from it beyond what it brings, in the batch's order")
    func demands() {
        let links = [
            Sample.link(1, amount: Sample.usd(300), to: Sample.payee),
            Sample.link(2, amount: Sample.usd(500), to: Sample.payer),
            Sample.link(3, amount: Sample.usd(700), to: Sample.payee),
            Sample.link(4, amount: Sample.usd(1), to: Sample.payee),
        ]
        let state = Sample.state(
            links, [Sample.wallet(Sample.payer, available: 1_000), Sample.wallet(Sample.payee, available: 200)])
        let claims = [
            Sample.claim(1, on: 1), Sample.claim(2, on: 2, by: .wallet(Sample.payee)), Sample.claim(3, on: 3),
            Sample.claim(4, on: 4, by: Sample.ach),
        ]
        let plan = Sample.decide(claims, on: state)
        #expect(plan.codes == [nil, nil, nil, nil])
        #expect(plan.demands[Sample.payer]?.available == 500, "300, less 500, and 700 more")
        #expect(plan.demands[Sample.payee]?.available == 200, "500 of which 300 came before")
        #expect(plan.demands.count == 2)
    }

    @Test("What a rail still works on cannot be spent")
    func pendingIsNotAvailable() {
        let links = [Sample.link(1, to: Sample.payee), Sample.link(2, to: Sample.payer)]
        let state = Sample.state(links, [Sample.wallet(Sample.payer), Sample.wallet(Sample.payee)])
        let claims = [Sample.claim(1, on: 1, by: Sample.ach), Sample.claim(2, on: 2, by: .wallet(Sample.payee))]
        #expect(Sample.decide(claims, on: state).codes == [nil, .insufficientFunds])
    }

    @Test(
        "USD and USDC are exchanged at par, whatever the link's and the wallets' currencies",
        arguments: Currency.allCases, Currency.allCases)
    func atPar(linkCurrency: Currency, walletCurrency: Currency) throws {
        for payeeCurrency in Currency.allCases {
            let amount = try #require(Sample.usd(1_234).converted(to: linkCurrency))
            let debited = try #require(amount.converted(to: walletCurrency))
            let credited = try #require(amount.converted(to: payeeCurrency))
            let payer = Sample.wallet(Sample.payer, currency: walletCurrency, available: debited.minorUnits)
            let state = Sample.state(
                [Sample.link(amount: amount)], [payer, Sample.wallet(Sample.payee, currency: payeeCurrency)])
            let plan = Sample.decide([Sample.claim()], on: state)
            #expect(plan.codes == [nil])
            let entries = try #require(plan.postings.first).entries
            #expect(entries.first == Entry(.wallet(Sample.payer), -debited))
            #expect(entries.last == Entry(.wallet(Sample.payee), credited))
            let exchanged = entries.filter { $0.account == .conversion }
            #expect(
                exchanged
                    == (walletCurrency == payeeCurrency
                        ? [] : [Entry(.conversion, debited), Entry(.conversion, -credited)]))
        }
    }

    @Test("One cent less than the amount is not enough, at par in the wallet's currency", arguments: Currency.allCases)
    func oneUnitShort(currency: Currency) throws {
        let needed = try #require(Sample.usd(100).converted(to: currency)).minorUnits
        for (available, code) in [(needed, nil), (needed - 1, ErrorCode.insufficientFunds)] {
            let payer = Sample.wallet(Sample.payer, currency: currency, available: available)
            let state = Sample.state([Sample.link(amount: Sample.usd(100))], [payer, Sample.wallet(Sample.payee)])
            #expect(Sample.decide([Sample.claim()], on: state).codes == [code])
        }
    }

    @Test("A sub-cent amount goes by USDC alone")
    func subCent() {
        let link = Sample.link(amount: Sample.usdc(10_001))
        let wallets = [Sample.wallet(Sample.payer, available: 1_000), Sample.wallet(Sample.payee, currency: .usdc)]
        let state = Sample.state([link], wallets)
        #expect(Sample.decide([Sample.claim(by: Sample.ach)], on: state).codes == [.amountNotRepresentable])
        #expect(Sample.decide([Sample.claim()], on: state).codes == [.amountNotRepresentable])
        #expect(Sample.decide([Sample.claim(by: Sample.usdc)], on: state).codes == [nil])
    }

    @Test(
        "ACH carries up to its limit, whatever the link's currency, and the limit is told", arguments: Currency.allCases
    )
    func achLimit(currency: Currency) throws {
        let policy = RailPolicy(depositAddresses: [.production: Chain.base.usdcToken], achLimit: Sample.usd(5_000))
        for (cents, code) in [(5_000, nil), (5_001, ErrorCode.amountExceedsRailLimit)] {
            let amount = try #require(Sample.usd(Int64(cents)).converted(to: currency))
            let state = Sample.state([Sample.link(amount: amount)], [Sample.wallet(Sample.payee)])
            let plan = Sample.decide([Sample.claim(by: Sample.ach)], on: state, policy: policy)
            #expect(plan.codes == [code])
            #expect(plan.answers.first?.outcome.refusal?.details?["limit"] == code.map { _ in "50.00" })
        }
    }

    @Test("A rail is asked for the amount in its own currency, and the money is pending until it answers")
    func rails() throws {
        let state = Sample.state([Sample.link(expiresAt: Sample.later)], [Sample.wallet(Sample.payee)])
        let plan = Sample.decide([Sample.claim(by: Sample.ach)], on: state)
        #expect(plan.settlements.map(\.amount) == [Sample.usd(15_000)])
        #expect(plan.settlements.map(\.settlementId) == [Sample.claim().claimId])
        #expect(plan.postings.first?.entries.first == Entry(.achClearing, Sample.usd(-15_000)))
        #expect(plan.postings.walletChanges[Sample.payee]?.pending == 15_000)
        #expect(plan.postings.walletChanges[Sample.payee]?.available == 0)
        #expect(plan.answers.first?.outcome.receipt?.decidedStatus == .pending)
    }

    @Test("The sandbox's instructions name its own address, whatever production's is")
    func sandboxInstructions() throws {
        let state = Sample.state([Sample.link()], [Sample.wallet(Sample.payee)])
        let receipt = Sample.decide([Sample.claim(by: Sample.usdc)], on: state).answers.first?.outcome.receipt
        let instructions = try #require(receipt?.instructions)
        #expect(instructions.payTo == Chain.polygon.usdcToken)
    }

    @Test("A payer of USDC is told where, how much and until when")
    func instructions() throws {
        let link = Sample.link(expiresAt: Sample.later, environment: .production)
        let state = Sample.state([link], [Sample.wallet(Sample.payee, environment: .production)])
        let receipt = try #require(
            Sample.decide([Sample.claim(by: Sample.usdc)], on: state).answers.first?.outcome.receipt)
        let instructions = try #require(receipt.instructions)
        #expect(instructions.chain == .base)
        #expect(instructions.payTo == Chain.base.usdcToken)
        #expect(instructions.amount == Sample.usdc(150_000_000))
        #expect(instructions.payBefore == Sample.later)
        #expect(
            instructions.paymentUri
                == "ethereum:\(Chain.base.usdcToken)@8453/transfer?address=\(Chain.base.usdcToken)&uint256=150000000"
        )
    }

    @Test("A wallet pays at once and needs no rail")
    func walletClaim() {
        let state = Sample.state(
            [Sample.link()], [Sample.wallet(Sample.payer, available: 15_000), Sample.wallet(Sample.payee)])
        let plan = Sample.decide([Sample.claim()], on: state)
        #expect(plan.settlements.isEmpty)
        #expect(plan.answers.first?.outcome.receipt?.decidedStatus == .settled)
        #expect(plan.answers.first?.outcome.receipt?.instructions == nil)
        #expect(plan.outbox.map(\.topic) == [.event(.linkClaimed), .event(.linkSettled)])
    }
}
