import Jobs
import PaymentLinks
import Testing

@Suite("Messages that are written and read back")
struct CodecTests {
    private static let payers: [ClaimRequest.Payer] = [
        .ach(sealedDestination: [0, 255, 1]), .usdc(sealedDestination: [], chain: .arbitrum),
        .wallet(WalletID(bits: 9)),
    ]

    @Test("A claim's job keeps every fact", arguments: payers, [true, false])
    func claim(payer: ClaimRequest.Payer, isBare: Bool) throws {
        let sent = Sample.claim(payer, isBare: isBare)
        let read = try ClaimJob.decode(ClaimJob.encode(sent))
        #expect(read.claimId == sent.claimId && read.transactionId == sent.transactionId && read.slug == sent.slug)
        #expect(read.payer == sent.payer && read.authority == sent.authority)
        #expect(read.recipientEmail?.string == sent.recipientEmail?.string)
        #expect(read.recipientEmailDigest == sent.recipientEmailDigest)
        #expect(read.digest == sent.digest && read.idempotencyKey == sent.idempotencyKey)
    }

    @Test(
        "A key that reaches no wallet is not taken for one that reaches all", arguments: [nil, []] as [Set<WalletID>?])
    func scopes(scope: Set<WalletID>?) throws {
        let read = try ClaimJob.decode(ClaimJob.encode(Sample.claim(.wallet(WalletID(bits: 9)), scope: scope)))
        #expect(read.authority?.walletScope == scope)
    }

    @Test("A creation's job keeps every fact, large amounts included", arguments: [true, false])
    func creation(isBare: Bool) throws {
        let sent = try Sample.creation(isBare: isBare)
        let read = try CreationJob.decode(CreationJob.encode(sent))
        expectEqual(read, sent)
        #expect(read.idempotencyKey == sent.idempotencyKey)
    }

    private func expectEqual(_ read: LinkCreation, _ sent: LinkCreation) {
        #expect(read.linkId == sent.linkId && read.organizationId == sent.organizationId)
        #expect(read.environment == sent.environment && read.walletId == sent.walletId && read.slug == sent.slug)
        #expect(read.amount == sent.amount && read.description == sent.description)
        #expect(read.restrictions == sent.restrictions && read.expiresAt == sent.expiresAt)
        #expect(read.metadataJSON == sent.metadataJSON && read.digest == sent.digest)
    }

    @Test("One message answers many jobs of both kinds, in order")
    func replies() throws {
        let creation = try Sample.creation()
        let outcomes =
            ClaimMethod.allCases.map { ClaimOutcome.accepted(Sample.receipt($0)) } + [.refused(Sample.refusal)]
        var answers = outcomes.enumerated().map { index, outcome in
            (
                jobId: ULID(bits: UInt128(index)),
                answer: ReplyMessage.Answer.claim(.init(outcome: outcome, isReplayed: index == 1))
            )
        }
        let link = CreatedLink(creation: creation, createdAt: Sample.time)
        answers.append((ULID(bits: .max), .creation(.init(outcome: .created(link), isReplayed: true))))
        answers.append((ULID(bits: 7), .creation(.init(outcome: .refused(Sample.refusal), isReplayed: false))))
        let read = try ReplyMessage.decode(ReplyMessage(answers: answers).encode()).answers
        #expect(read.map(\.jobId) == answers.map(\.jobId))
        #expect(read.map(\.answer.isReplayed) == answers.map(\.answer.isReplayed))
        #expect(read.map(\.answer.claimOutcome) == answers.map(\.answer.claimOutcome))
        #expect(read.map(\.answer.creationRefusal) == answers.map(\.answer.creationRefusal))
        let readLink = try #require(read[4].answer.createdLink)
        expectEqual(readLink.creation, creation)
        #expect(readLink.createdAt == Sample.time)
    }

    @Test("A refusal without details stays without")
    func plainRefusal() throws {
        let refusal = Refusal(code: .linkExpired, message: "Expired", details: nil)
        let message = ReplyMessage(answers: [
            (ULID(bits: 1), .claim(.init(outcome: .refused(refusal), isReplayed: false)))
        ])
        #expect(try ReplyMessage.decode(message.encode()).answers.first?.answer.claimOutcome == .refused(refusal))
    }

    @Test("A settlement message keeps every fact")
    func settlement() throws {
        #expect(try SettlementMessage.decode(Array(Sample.settlement.messageBody.utf8)) == Sample.settlement)
    }

    @Test("A rail's outcome keeps every fact", arguments: SettlementOutcome.Kind.allCases, [true, false])
    func outcome(kind: SettlementOutcome.Kind, isBare: Bool) throws {
        let sent = Sample.outcome(kind, isBare: isBare)
        #expect(try OutcomeMessage.decode(OutcomeMessage.encode(sent)) == sent)
    }

    @Test("A rail may leave out what it does not know")
    func sparseOutcome() throws {
        let text =
            #"{"version":1,"settlementId":"\#(Sample.claimId)","outcome":"settled","occurredAt":"2026-04-01T00:00:00Z"}"#
        let outcome = try OutcomeMessage.decode(Array(text.utf8))
        #expect(outcome.kind == .settled && outcome.code == nil && outcome.reason == nil && outcome.reference == nil)
    }

    @Test("An outcome without a time happened when it arrived", arguments: ["", #","occurredAt":null"#])
    func outcomeWithoutTime(member: String) throws {
        let text = #"{"version":1,"settlementId":"\#(Sample.claimId)","outcome":"settled"\#(member)}"#
        let element = try JSONDocument(Array(text.utf8)).root
        #expect(try OutcomeMessage.decode(element, .none, arrivedAt: Sample.time).occurredAt == Sample.time)
    }

    @Test(
        "A rail writes any time that RFC 3339 allows",
        arguments: [
            ("2026-04-01T00:00:00.12345678901234567890Z", "2026-04-01T00:00:00.123456Z"),
            ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"), ("2026-04-01t02:00:00.5+02:00", "2026-04-01T00:00:00.5Z"),
        ])
    func outcomeTimes(written: String, read: String) throws {
        let text =
            #"{"version":1,"settlementId":"\#(Sample.claimId)","outcome":"settled","occurredAt":"\#(written)"}"#
        #expect(try OutcomeMessage.decode(Array(text.utf8)).occurredAt == Timestamp(iso8601: read))
    }
}

extension ReplyMessage.Answer {
    var isReplayed: Bool {
        switch self {
        case .claim(let reply): reply.isReplayed
        case .creation(let reply): reply.isReplayed
        }
    }

    var claimOutcome: ClaimOutcome? { if case .claim(let reply) = self { reply.outcome } else { nil } }

    var createdLink: CreatedLink? {
        if case .creation(let reply) = self, case .created(let link) = reply.outcome { link } else { nil }
    }

    var creationRefusal: Refusal? {
        if case .creation(let reply) = self, case .refused(let refusal) = reply.outcome { refusal } else { nil }
    }
}
