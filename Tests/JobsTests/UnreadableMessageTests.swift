import Jobs
import PaymentLinks
import Testing

/// One kind of message: a full example, how it is read, and what may be missing or hold any text.
struct MessageKind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let example: @Sendable () throws -> [UInt8]
    let read: @Sendable ([UInt8]) throws(UnreadableMessage) -> Void
    let optional: Set<String>
    /// Fields that a reader takes as they are, or does not look at.
    let free: Set<String>

    static let all = [
        MessageKind(
            testDescription: "claim",
            example: { ClaimJob.encode(Sample.claim(.usdc(sealedDestination: [1], chain: .base))) },
            read: { (bytes: [UInt8]) throws(UnreadableMessage) in _ = try ClaimJob.decode(bytes) },
            optional: ["recipientEmail", "recipientEmailDigest", "authority", "idempotencyKey"], free: []),
        MessageKind(
            testDescription: "creation", example: { CreationJob.encode(try Sample.creation()) },
            read: { (bytes: [UInt8]) throws(UnreadableMessage) in _ = try CreationJob.decode(bytes) },
            optional: ["description", "restrictions", "expiresAt", "idempotencyKey"],
            free: ["description", "metadata"]),
        MessageKind(
            testDescription: "replies",
            example: {
                let reply = Reply<ClaimOutcome>(outcome: .refused(Sample.refusal), isReplayed: false)
                return ReplyMessage(answers: [(ULID(bits: 1), .claim(reply))]).encode()
            },
            read: { (bytes: [UInt8]) throws(UnreadableMessage) in _ = try ReplyMessage.decode(bytes) }, optional: [],
            free: []),
        MessageKind(
            testDescription: "settlement", example: { Array(Sample.settlement.messageBody.utf8) },
            read: { (bytes: [UInt8]) throws(UnreadableMessage) in _ = try SettlementMessage.decode(bytes) },
            optional: ["amount", "direction", "statementDescriptor"],
            free: ["amount", "direction", "payee", "statementDescriptor"]),
        MessageKind(
            testDescription: "outcome", example: { OutcomeMessage.encode(Sample.outcome(.returned)) },
            read: { (bytes: [UInt8]) throws(UnreadableMessage) in _ = try OutcomeMessage.decode(bytes) },
            optional: ["code", "reason", "reference", "occurredAt"], free: ["code", "reason", "reference"]),
    ]

    func failure(_ bytes: [UInt8]) -> String? {
        do {
            try read(bytes)
            return nil
        } catch {
            return error.description
        }
    }
}

@Suite("Messages that cannot be read")
struct UnreadableMessageTests {
    /// What stands for an account number, or anything else that operators' logs must not show.
    private static let secret = "4111-SECRET"

    @Test("The examples themselves can be read", arguments: MessageKind.all)
    func examples(kind: MessageKind) throws {
        #expect(kind.failure(try kind.example()) == nil)
    }

    @Test("A missing field is named, unless it may be missing", arguments: MessageKind.all)
    func missing(kind: MessageKind) throws {
        let document = try MessageDocument(kind.example())
        for name in document.names {
            let failure = kind.failure(try document.without(name))
            if kind.optional.contains(name) {
                #expect(failure == nil, "\(name)")
            } else {
                // Of a payer's fields any may be missing by itself; together they must fit the method.
                let isPayer = ["destination", "chain"].contains(name) && kind.testDescription == "claim"
                #expect(failure?.contains(isPayer ? "payer" : name) == true, "\(name): \(failure ?? "read")")
            }
        }
    }

    @Test("A field of the wrong content is named, and the content is not shown", arguments: MessageKind.all)
    func wrongText(kind: MessageKind) throws {
        let document = try MessageDocument(kind.example())
        for name in document.names where !kind.free.contains(name) {
            let failure = kind.failure(try document.with(name, Self.secret))
            #expect(failure?.contains(name) == true, "\(name): \(failure ?? "read")")
            #expect(failure?.contains(Self.secret) == false)
        }
    }

    @Test("A field of the wrong type is named", arguments: MessageKind.all)
    func wrongType(kind: MessageKind) throws {
        let document = try MessageDocument(kind.example())
        for name in document.names where !kind.optional.union(kind.free).contains(name) {
            let failure = kind.failure(try document.with(name, ["x": [Self.secret]]))
            #expect(failure?.contains(name) == true, "\(name): \(failure ?? "read")")
            #expect(failure?.contains(Self.secret) == false)
        }
    }

    @Test("An unknown version is not guessed at", arguments: MessageKind.all)
    func version(kind: MessageKind) throws {
        for version in [0, 2, -1] {
            let failure = kind.failure(try MessageDocument(kind.example()).with("version", version))
            #expect(failure?.contains("version") == true)
        }
    }

    @Test("Bytes that are no JSON object are unreadable, and are not shown", arguments: MessageKind.all)
    func noObject(kind: MessageKind) {
        for text in ["", "null", "[]", "\"\(Self.secret)\"", "{", "{\"version\":1}", "\u{0}", Self.secret] {
            let failure = kind.failure(Array(text.utf8))
            #expect(failure != nil, "\(text)")
            #expect(failure?.contains(Self.secret) != true)
        }
        #expect(kind.failure([0xFF, 0xFE]) != nil)
    }

    @Test("A digest that is not 32 bytes is named", arguments: ["digest", "idempotencyKey"])
    func digests(name: String) throws {
        let claim = try MessageDocument(ClaimJob.encode(Sample.claim(.wallet(WalletID(bits: 1)))))
        let creation = try MessageDocument(CreationJob.encode(Sample.creation()))
        for value in ["", "AAAA", String(repeating: "A", count: 44)] {
            #expect(MessageKind.all[0].failure(try claim.with(name, value))?.contains(name) == true)
            #expect(MessageKind.all[1].failure(try creation.with(name, value))?.contains(name) == true)
        }
    }

    private static let mismatches: [(ClaimRequest.Payer, method: String)] = [
        (.ach(sealedDestination: [1]), "wallet"), (.ach(sealedDestination: [1]), "usdc"),
        (.wallet(WalletID(bits: 1)), "ach"), (.wallet(WalletID(bits: 1)), "usdc"),
        (.usdc(sealedDestination: [1], chain: .base), "wallet"),
    ]

    @Test("A payer that does not fit the method is unreadable", arguments: mismatches)
    func mismatch(payer: ClaimRequest.Payer, method: String) throws {
        let document = try MessageDocument(ClaimJob.encode(Sample.claim(payer)))
        #expect(MessageKind.all[0].failure(try document.with("method", method))?.contains("method \(method)") == true)
    }

    @Test(
        "A settlement of nothing, or of less, is unreadable", arguments: ["0", "-1", "1.5", "", "9223372036854775808"])
    func amounts(units: String) throws {
        let document = try MessageDocument(Array(Sample.settlement.messageBody.utf8))
        #expect(
            MessageKind.all[3].failure(try document.with("amountBaseUnits", units))?.contains("amountBaseUnits") == true
        )
    }

    @Test("An answer that says nothing is unreadable")
    func emptyAnswer() throws {
        let text =
            #"{"version":1,"answers":[{"jobId":"00000000000000000000000001","isReplayed":false,"isClaim":true}]}"#
        #expect(MessageKind.all[2].failure(Array(text.utf8))?.contains("receipt") == true)
    }
}
