import Jobs
import PaymentLinks
import RabbitMQ
import Testing

@Suite("Answers that are large")
struct ReplySizeTests {
    /// The most that a message of several answers may hold.
    private static let limit = 1 << 20

    /// The answer to the creation of a link with so much metadata.
    private static func answer(_ number: Int, metadataSize: Int) throws -> (jobId: ULID, answer: ReplyMessage.Answer) {
        let plain = try Sample.creation()
        let creation = LinkCreation(
            linkId: LinkID(bits: UInt128(number)), organizationId: plain.organizationId, environment: plain.environment,
            walletId: plain.walletId, slug: plain.slug, amount: plain.amount, description: nil, restrictions: nil,
            expiresAt: nil, metadataJSON: String(repeating: "\"", count: metadataSize), digest: plain.digest,
            idempotencyKey: nil)
        let link = CreatedLink(creation: creation, createdAt: Sample.time)
        return (ULID(bits: UInt128(number)), .creation(Reply(outcome: .created(link), isReplayed: false)))
    }

    private static func messages(_ sizes: [Int]) throws -> [OutgoingMessage] {
        let answers = try sizes.enumerated().map { try answer($0, metadataSize: $1) }
        return JobTopology(prefix: "test.").messages(ReplyMessage(answers: answers), to: "q")
    }

    @Test("A batch's answers travel in messages that no broker refuses, each answer once and in order")
    func many() throws {
        let messages = try Self.messages(Array(repeating: 56_000, count: 150))
        #expect(messages.count == 17)
        #expect(messages.allSatisfy { $0.body.count <= Self.limit && $0.routingKey == "q" && $0.type == "replies" })
        let jobIds = try messages.flatMap { try ReplyMessage.decode($0.body).answers.map(\.jobId) }
        #expect(jobIds == (0..<150).map { ULID(bits: UInt128($0)) })
    }

    /// Sizes of metadata, each of whose bytes takes two, and how many answers each message has.
    private static let splits: [(sizes: [Int], counts: [Int])] = [
        ([], [0]), ([10], [1]), ([10, 10, 10], [3]), ([limit], [1]), ([10, limit, 10], [1, 1, 1]),
        ([limit, limit], [1, 1]), ([limit / 4, limit / 4, 10], [1, 2]), ([limit / 5, limit / 5, 10], [3]),
    ]

    @Test("Answers share a message as long as there is room; one that is too large goes alone", arguments: splits)
    func shares(row: (sizes: [Int], counts: [Int])) throws {
        let messages = try Self.messages(row.sizes)
        #expect(try messages.map { try ReplyMessage.decode($0.body).answers.count } == row.counts)
    }
}
