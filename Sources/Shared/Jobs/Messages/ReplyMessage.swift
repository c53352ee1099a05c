package import PaymentLinks

/// What a worker answers one job with.
package struct Reply<Outcome: Sendable>: Sendable {
    package let outcome: Outcome
    /// Whether an earlier request's outcome is repeated.
    package let isReplayed: Bool

    package init(outcome: Outcome, isReplayed: Bool) {
        self.outcome = outcome
        self.isReplayed = isReplayed
    }
}

/// The answers of one batch to one gateway: one message, however many.
package struct ReplyMessage: Sendable {
    /// One job's answer, of either kind.
    package enum Answer: Sendable {
        case claim(Reply<ClaimOutcome>)
        case creation(Reply<CreationOutcome>)
    }

    static let type = "replies"

    /// By job: a claim's or a link's id, as bits.
    package let answers: [(jobId: UInt128, answer: Answer)]

    package init(answers: [(jobId: UInt128, answer: Answer)]) {
        self.answers = answers
    }

    package func encode() -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", ReplyBody.version)
            writer.field("answers", array: answers) { writer, element in
                writer.object { $0.fields(of: element.answer, jobId: element.jobId) }
            }
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> ReplyMessage {
        var answers: [(UInt128, Answer)] = []
        for body in try ReplyBody.decode(bytes).answers { answers.append((body.jobId.bits, try body.answer())) }
        return ReplyMessage(answers: answers)
    }
}

private struct ReplyBody: VersionedBody {
    static let name = "replies"
    static let version = 1

    let version: Int
    let answers: [AnswerBody]
}

private struct AnswerBody: Decodable {
    let jobId: ULID
    let isReplayed: Bool
    let receipt: ReceiptBody?
    let link: CreatedLinkBody?
    let refusal: Refusal?
    let isClaim: Bool

    private enum CodingKeys: String, CodingKey {
        case jobId, isReplayed, receipt, link, refusal, isClaim
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let jobId = ULID(try container.decode(String.self, forKey: .jobId)) else {
            throw DecodingError.dataCorruptedError(forKey: .jobId, in: container, debugDescription: "no ULID")
        }
        self.jobId = jobId
        isReplayed = try container.decode(Bool.self, forKey: .isReplayed)
        isClaim = try container.decode(Bool.self, forKey: .isClaim)
        receipt = try container.decodeIfPresent(ReceiptBody.self, forKey: .receipt)
        link = try container.decodeIfPresent(CreatedLinkBody.self, forKey: .link)
        refusal = try container.decodeIfPresent(Refusal.self, forKey: .refusal)
    }

    func answer() throws(UnreadableMessage) -> ReplyMessage.Answer {
        switch (receipt, link, refusal) {
        case (let receipt?, _, _): return .claim(.init(outcome: .accepted(try receipt.receipt()), isReplayed: isReplayed))
        case (_, let link?, _): return .creation(.init(outcome: .created(try link.link()), isReplayed: isReplayed))
        case (_, _, let refusal?) where isClaim: return .claim(.init(outcome: .refused(refusal), isReplayed: isReplayed))
        case (_, _, let refusal?): return .creation(.init(outcome: .refused(refusal), isReplayed: isReplayed))
        default: throw UnreadableMessage("an answer has neither a receipt nor a link nor a refusal")
        }
    }
}

private struct ReceiptBody: Decodable {
    struct Instructions: Decodable {
        let chain: Chain
        let payTo: EVMAddress
        let amountBaseUnits: String
        let payBefore: Timestamp?
    }

    let claimId: ClaimID
    let transactionId: TransactionID
    let slug: Slug
    let method: ClaimMethod
    let minorUnits: Int64
    let currency: Currency
    let createdAt: Timestamp
    let instructions: Instructions?

    func receipt() throws(UnreadableMessage) -> ClaimReceipt {
        ClaimReceipt(
            claimId: claimId, transactionId: transactionId, slug: slug, method: method,
            amount: Money(minorUnits: minorUnits, currency: currency), createdAt: createdAt,
            instructions: try instructions.map(Self.instructions))
    }

    private static func instructions(_ body: Instructions) throws(UnreadableMessage) -> PaymentInstructions {
        guard let units = Int64(body.amountBaseUnits) else {
            throw UnreadableMessage("instructions.amountBaseUnits must be a whole number")
        }
        return PaymentInstructions(
            chain: body.chain, payTo: body.payTo, amount: Money(minorUnits: units, currency: .usdc),
            payBefore: body.payBefore)
    }
}

private struct CreatedLinkBody: Decodable {
    let creation: LinkCreationBody
    let createdAt: Timestamp

    func link() throws(UnreadableMessage) -> CreatedLink {
        CreatedLink(creation: try creation.creation(idempotencyKey: nil), createdAt: createdAt)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of answer: ReplyMessage.Answer, jobId: UInt128) {
        field("jobId", ULID(bits: jobId))
        switch answer {
        case .claim(let reply):
            field("isReplayed", reply.isReplayed)
            field("isClaim", true)
            fields(of: reply.outcome)
        case .creation(let reply):
            field("isReplayed", reply.isReplayed)
            field("isClaim", false)
            fields(of: reply.outcome)
        }
    }

    private mutating func fields(of outcome: ClaimOutcome) {
        switch outcome {
        case .accepted(let receipt): field("receipt", object: { $0.fields(of: receipt) })
        case .refused(let refusal): field("refusal", object: { $0.fields(of: refusal) })
        }
    }

    private mutating func fields(of outcome: CreationOutcome) {
        switch outcome {
        case .created(let link):
            field("link", object: { writer in
                writer.field("creation", object: { $0.fields(of: link.creation) })
                writer.field("createdAt", link.createdAt)
            })
        case .refused(let refusal): field("refusal", object: { $0.fields(of: refusal) })
        }
    }

    private mutating func fields(of receipt: ClaimReceipt) {
        field("claimId", receipt.claimId)
        field("transactionId", receipt.transactionId)
        field("slug", receipt.slug)
        field("method", receipt.method.rawValue)
        field("minorUnits", Int(receipt.amount.minorUnits))
        field("currency", receipt.amount.currency.rawValue)
        field("createdAt", receipt.createdAt)
        field("instructions", receipt.instructions)
    }

    private mutating func fields(of refusal: Refusal) {
        field("code", refusal.code.rawValue)
        field("message", refusal.message)
        guard let details = refusal.details else { return }
        field("details", object: { writer in
            for (name, value) in details.sorted(by: { $0.key < $1.key }) { writer.field(named: name, value) }
        })
    }
}
