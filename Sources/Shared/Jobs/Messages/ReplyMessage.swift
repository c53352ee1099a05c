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

/// Answers of one batch to one gateway.
package struct ReplyMessage: Sendable {
    /// One job's answer, of either kind.
    package enum Answer: Sendable {
        case claim(Reply<ClaimOutcome>)
        case creation(Reply<CreationOutcome>)
    }

    static let type = "replies"
    private static let name = "replies"
    private static let version = 1

    /// By job: a claim's or a link's id.
    package let answers: [(jobId: ULID, answer: Answer)]

    package init(answers: [(jobId: ULID, answer: Answer)]) {
        self.answers = answers
    }

    package func encode() -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", Self.version)
            writer.field("answers", array: answers) { writer, element in
                writer.object { $0.fields(of: element.answer, jobId: element.jobId) }
            }
        }
    }

    /// The answers as they travel: nearly always together. A link's answer holds all of its metadata, so many of them
    /// may be too large for one message; only then is each looked at by itself.
    func encodeBySize() -> [[UInt8]] {
        let whole = encode()
        guard whole.count > MessageSize.limit, answers.count > 1 else { return [whole] }
        return MessageSize.split(answers) { ReplyMessage(answers: [$0]).encode().count }.map { part in
            ReplyMessage(answers: part).encode()
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> ReplyMessage {
        let fields = try MessageFields(of: name, version: version, in: bytes)
        return ReplyMessage(
            answers: try fields.objects("answers").map { (answer) throws(UnreadableMessage) in
                (try answer.required("jobId") { $0.string.flatMap(ULID.init) }, try Answer(answer))
            })
    }
}

extension ReplyMessage.Answer {
    fileprivate init(_ fields: MessageFields) throws(UnreadableMessage) {
        let isReplayed = try fields.required("isReplayed", \.boolean)
        let isClaim = try fields.required("isClaim", \.boolean)
        if let receipt = try fields.optionalObject("receipt") {
            self = .claim(Reply(outcome: .accepted(try ClaimReceipt(receipt)), isReplayed: isReplayed))
        } else if let link = try fields.optionalObject("link") {
            self = .creation(Reply(outcome: .created(try CreatedLink(link)), isReplayed: isReplayed))
        } else if let refusal = try fields.optionalObject("refusal") {
            let refusal = try Refusal(refusal)
            self =
                isClaim
                ? .claim(Reply(outcome: .refused(refusal), isReplayed: isReplayed))
                : .creation(Reply(outcome: .refused(refusal), isReplayed: isReplayed))
        } else {
            throw fields.failure("an answer has neither a receipt nor a link nor a refusal")
        }
    }
}

extension ClaimReceipt {
    fileprivate init(_ fields: MessageFields) throws(UnreadableMessage) {
        self.init(
            claimId: try fields.identifier("claimId"), transactionId: try fields.identifier("transactionId"),
            slug: try fields.slug("slug"), method: try fields.choice("method"),
            amount: Money(
                minorUnits: try fields.required("minorUnits", \.integer), currency: try fields.choice("currency")),
            createdAt: try fields.timestamp("createdAt"),
            instructions: try PaymentInstructions(try fields.optionalObject("instructions")))
    }
}

extension PaymentInstructions {
    init?(_ fields: MessageFields?) throws(UnreadableMessage) {
        guard let fields else { return nil }
        self.init(
            chain: try fields.choice("chain"),
            payTo: try fields.required("payTo") { $0.string.flatMap { try? EVMAddress($0) } },
            amount: Money(
                minorUnits: try fields.required("amountBaseUnits") { $0.string.flatMap { Int64($0) } }, currency: .usdc),
            payBefore: try fields.optional("payBefore", Timestamp.init(json:)))
    }
}

extension CreatedLink {
    fileprivate init(_ fields: MessageFields) throws(UnreadableMessage) {
        self.init(
            creation: try LinkCreation(try fields.object("creation"), idempotencyKey: nil),
            createdAt: try fields.timestamp("createdAt"))
    }
}

extension Refusal {
    fileprivate init(_ fields: MessageFields) throws(UnreadableMessage) {
        self.init(
            code: try fields.choice("code"), message: try fields.string("message"),
            details: try fields.optional("details", \.texts),
            fields: try fields.optionalList("fields", FieldError.init(json:)))
    }
}

extension FieldError {
    fileprivate init?(json: JSONElement) {
        guard let field = json["field"]?.string, let code = json["code"]?.string, let message = json["message"]?.string
        else { return nil }
        self.init(field: field, code: code, message: message)
    }
}

extension JSONElement {
    /// An object whose values are all strings.
    fileprivate var texts: [String: String]? {
        guard let members else { return nil }
        var texts: [String: String] = [:]
        for (name, value) in members {
            guard let text = value.string else { return nil }
            texts[name] = text
        }
        return texts
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of answer: ReplyMessage.Answer, jobId: ULID) {
        field("jobId", jobId)
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
            field(
                "link",
                object: { writer in
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
        if let details = refusal.details {
            field(
                "details",
                object: { writer in
                    for (name, value) in details.sorted(by: { $0.key < $1.key }) { writer.field(named: name, value) }
                })
        }
        if let fields = refusal.fields { field("fields", fields) }
    }
}
