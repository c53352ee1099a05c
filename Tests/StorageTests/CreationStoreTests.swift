import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Creating batches of links", .serialized)
struct CreationStoreTests {
    private static func run(_ body: (TestDatabase, Fixture, WalletID) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            try await body(database, fixture, try await fixture.wallet())
            #expect(try await database.breaches() == [])
        }
    }

    @Test("A batch of 256 links is written whole and read back as it was answered")
    func largeBatch() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let expiresAt = Timestamp.now().advanced(by: .seconds(3600))
            let creations = (0..<256).map { _ in fixture.creation(to: wallet, expiresAt: expiresAt) }
            let plan = try await fixture.creations.create(creations, removing: [])
            #expect(plan.answers.map(\.linkId) == creations.map(\.linkId))
            guard
                case .link(let link) = try await LinkStore(pool: database.pool).find(
                    creations[7].linkId, organization: fixture.organization)
            else { throw Unexpected("the link is not found") }
            #expect(link.slug == creations[7].slug && link.amount == creations[7].amount)
            #expect(link.status == .active && link.expiresAt == expiresAt && link.description == "For work")
            #expect(link.createdAt == plan.decidedAt && link.claim == nil)
        }
    }

    @Test("A key repeats the first link in later batches, and its id leads there")
    func usedKey() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let first = fixture.creation(to: wallet, key: Fixture.digest())
            _ = try await fixture.creations.create([first], removing: [])
            let same = fixture.creation(to: wallet, digest: first.digest, key: first.idempotencyKey)
            let other = fixture.creation(to: wallet, key: first.idempotencyKey)
            for isRedelivered in [false, true] {
                let plan = try await fixture.creations.create([same, other], removing: [])
                guard case .created(let link) = plan.answers[0].outcome,
                    case .refused(let refusal) = plan.answers[1].outcome
                else { throw Unexpected("other outcomes") }
                #expect(link.creation.linkId == first.linkId && plan.answers[0].isReplayed)
                #expect(refusal.code == .idempotencyKeyReuse)
                #expect(plan.isEmpty == isRedelivered)
            }
            let links = LinkStore(pool: database.pool)
            guard case .link(let found) = try await links.find(same.linkId, organization: fixture.organization),
                case .refused(let refusal) = try await links.find(other.linkId, organization: fixture.organization),
                case .absent = try await links.find(same.linkId, organization: .mint(at: .now()))
            else { throw Unexpected("the ids lead elsewhere") }
            #expect(found.id == first.linkId && refusal.code == .idempotencyKeyReuse)
        }
    }

    @Test("A refused creation is remembered, by its id and by its key")
    func refused() async throws {
        try await Self.run { (database, fixture, _) async throws in
            let missing = WalletID.mint(at: .now())
            let first = fixture.creation(to: missing, key: Fixture.digest())
            let again = fixture.creation(to: missing, digest: first.digest, key: first.idempotencyKey)
            for creation in [first, first, again, again] {
                let plan = try await fixture.creations.create([creation], removing: [])
                guard case .refused(let refusal) = plan.answers[0].outcome else { throw Unexpected("created") }
                #expect(refusal.code == .walletNotFound)
            }
            #expect(try await database.number("SELECT count(*) FROM job_results") == 2)
            #expect(try await database.number("SELECT count(*) FROM payment_links") == 0)
        }
    }

    @Test("Fifty equal requests at once make one link")
    func fifty() async throws {
        try await Self.run { (database, fixture, wallet) async throws in
            let first = fixture.creation(to: wallet, key: Fixture.digest())
            let made = try await withThrowingTaskGroup(of: LinkID?.self) { group in
                for _ in 0..<50 {
                    let creation = fixture.creation(to: wallet, digest: first.digest, key: first.idempotencyKey)
                    group.addTask { try await Self.createWithRetries(creation, fixture) }
                }
                return try await group.reduce(into: Set<LinkID?>()) { $0.insert($1) }
            }
            #expect(made.count == 1 && !made.contains(nil))
            #expect(try await database.number("SELECT count(*) FROM payment_links") == 1)
        }
    }

    /// As a worker does: a key that another transaction wrote first is found at the next try.
    private static func createWithRetries(_ creation: LinkCreation, _ fixture: Fixture) async throws -> LinkID? {
        while true {
            do {
                let plan = try await fixture.creations.create([creation], removing: [])
                if case .created(let link) = plan.answers[0].outcome { return link.creation.linkId }
                return nil
            } catch {
                guard error.isUniqueViolation else { throw error }
            }
        }
    }
}
