import Jobs
import PaymentLinks
import RabbitMQ
import Testing
import TestSupport

@Suite("Messages as asyncapi.yaml describes them")
struct AsyncAPITests {
    private let topology = JobTopology(prefix: "")
    private let contract: AsyncAPIContract

    init() throws {
        contract = try AsyncAPIContract.current.get()
    }

    private func expectDocumented(_ message: OutgoingMessage, on address: String) {
        let problems = contract.problems(with: message.body, ofType: message.type)
        #expect(problems == [], "\(String(decoding: message.body, as: UTF8.self))")
        #expect(contract.types(on: address).contains(message.type ?? ""))
    }

    @Test("Jobs, with every field and with as few as there are")
    func jobs() throws {
        let payers: [ClaimRequest.Payer] = [
            .ach(sealedDestination: [0, 255, 1]), .usdc(sealedDestination: [1], chain: .arbitrum),
            .wallet(WalletID(bits: 9)),
        ]
        for (payer, isBare) in payers.flatMap({ payer in [true, false].map { (payer, $0) } }) {
            let message = topology.message(
                Sample.claim(payer, isBare: isBare), replyTo: "replies.x", traceparent: isBare ? nil : "00-x")
            expectDocumented(message, on: "jobs.claim")
        }
        for isBare in [true, false] {
            let creation = try Sample.creation(isBare: isBare)
            expectDocumented(topology.message(creation, replyTo: nil, traceparent: nil), on: "jobs.create")
        }
    }

    @Test("Jobs that travel together")
    func batches() throws {
        let claims = [Sample.claim(.wallet(WalletID(bits: 9))), Sample.claim(.wallet(WalletID(bits: 9)), isBare: true)]
        let jobs = claims.enumerated().map { OutgoingJob($1, traceparent: $0 == 0 ? "00-x" : nil, isAwaited: $0 == 0) }
        expectDocumented(topology.message(jobs, of: .claim, replyTo: "replies.x"), on: "jobs.claim")
        let creations = [try Sample.creation(), try Sample.creation(isBare: true)]
            .map { OutgoingJob($0, traceparent: nil, isAwaited: true) }
        expectDocumented(topology.message(creations, of: .creation, replyTo: "replies.x"), on: "jobs.create")
    }

    @Test("Answers of every kind")
    func replies() throws {
        let link = CreatedLink(creation: try Sample.creation(), createdAt: Sample.time)
        let bare = CreatedLink(creation: try Sample.creation(isBare: true), createdAt: Sample.time)
        let plain = Refusal(code: .linkExpired, message: "Expired", details: nil)
        let outcomes =
            ClaimMethod.allCases.map { ClaimOutcome.accepted(Sample.receipt($0)) }
            + [.refused(Sample.refusal), .refused(plain)]
        let answers: [ReplyMessage.Answer] =
            outcomes.map { .claim(.init(outcome: $0, isReplayed: false)) }
            + [CreationOutcome.created(link), .created(bare), .refused(plain)].map {
                .creation(.init(outcome: $0, isReplayed: true))
            }
        let message = ReplyMessage(answers: answers.enumerated().map { (ULID(bits: UInt128($0)), $1) })
        for message in topology.messages(message, to: "replies.x") {
            expectDocumented(message, on: "replies.{gateway}")
        }
    }

    @Test("Outcomes of every kind, and settlements")
    func settlements() {
        for kind in SettlementOutcome.Kind.allCases {
            for isBare in [true, false] {
                expectDocumented(topology.message(Sample.outcome(kind, isBare: isBare)), on: "settlement-outcomes")
            }
        }
        let body = Array(Sample.settlement.messageBody.utf8)
        #expect(contract.problems(with: body, ofType: SettlementMessage.type) == [])
        #expect(contract.types(on: "settlements.ach") == [SettlementMessage.type])
        #expect(contract.types(on: "settlements.usdc") == [SettlementMessage.type])
    }

    @Test("What is missing, of another type or not known is found")
    func breaches() throws {
        let message = topology.message(Sample.outcome(.settled)).body
        let document = try MessageDocument(message)
        for name in ["version", "settlementId", "outcome"] {
            #expect(contract.problems(with: try document.without(name), ofType: OutcomeMessage.type).count == 1)
        }
        for (name, value) in [("version", 2), ("outcome", "done"), ("settlementId", "x"), ("more", 1)]
            as [(String, Any)]
        {
            #expect(contract.problems(with: try document.with(name, value), ofType: OutcomeMessage.type) != [])
        }
        #expect(contract.problems(with: message, ofType: "unheard-of") != [])
        #expect(contract.problems(with: [1], ofType: OutcomeMessage.type) != [])
    }
}
