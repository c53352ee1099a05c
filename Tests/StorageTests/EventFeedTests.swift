import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("The feed of events", .serialized)
struct EventFeedTests {
    @Test("An event is not passed over while its transaction is open, and those after it wait for it")
    func openTransaction() async throws {
        try await FeedScene.run { scene in
            try await scene.database.pool.withTransaction { transaction in
                let (first, second) = (EventID(bits: 2), EventID(bits: 1))
                _ = try await transaction.run([scene.insert(first)])
                _ = try await scene.database.pool.run([scene.insert(second)])
                #expect(try await scene.read() == [])
                _ = try await transaction.commit()
                #expect(try await scene.read() == [first, second])
            }
        }
    }

    @Test("What was committed before a transaction wrote its first event is returned at once")
    func earlierEvents() async throws {
        try await FeedScene.run { scene in
            try await scene.database.pool.withTransaction { transaction in
                _ = try await scene.database.pool.run([scene.insert(EventID(bits: 9))])
                _ = try await transaction.run([scene.insert(EventID(bits: 1))])
                #expect(try await scene.read() == [EventID(bits: 9)])
                _ = try await transaction.commit()
            }
        }
    }

    @Test("A transaction that writes anything but events does not hold the feed back, however long it is open")
    func foreignTransaction() async throws {
        try await FeedScene.run { scene in
            try await scene.database.execute("CREATE TABLE foreign_table (number bigint)")
            try await scene.database.pool.withTransaction { transaction in
                let statement = Statement("foreign", "INSERT INTO foreign_table SELECT txid_current()")
                _ = try await transaction.run([Query(statement)])
                for number in 1...5 {
                    let event = EventID(bits: UInt128(number))
                    _ = try await scene.database.pool.run([scene.insert(event)])
                    #expect(try await scene.read().last == event)
                }
                _ = try await transaction.commit()
            }
        }
    }

    @Test("A transaction that was undone leaves a gap that nothing waits for")
    func undone() async throws {
        try await FeedScene.run { scene in
            _ = try? await scene.database.pool.withTransaction { transaction in
                _ = try await transaction.run([scene.insert(EventID(bits: 1))])
                throw StorageError.unreadable("undone")
            }
            _ = try await scene.database.pool.run([scene.insert(EventID(bits: 2))])
            #expect(try await scene.read() == [EventID(bits: 2)])
        }
    }

    @Test("The low half of a position may turn over while a writer is open")
    func turnover() async throws {
        try await FeedScene.run { scene in
            try await scene.database.execute("ALTER SEQUENCE event_positions RESTART WITH 4294967295")
            _ = try await scene.database.pool.run([scene.insert(EventID(bits: 1))])
            try await scene.database.pool.withTransaction { transaction in
                _ = try await transaction.run([scene.insert(EventID(bits: 2))])
                for number in 3...5 {
                    _ = try await scene.database.pool.run([scene.insert(EventID(bits: UInt128(number)))])
                }
                #expect(try await scene.read() == [EventID(bits: 1)])
                _ = try await transaction.commit()
            }
            #expect(try await scene.read() == (1...5).map { EventID(bits: $0) })
        }
    }

    @Test("A reader whose role has grants on tables alone passes over no event of concurrent writers")
    func restrictedRole() async throws {
        try await FeedScene.run(connections: 6) { scene in
            try await scene.withRestrictedPool { pool in
                let total = 300
                let writing = Task { try await scene.write(total, lanes: 5) }
                defer { writing.cancel() }
                let read = try await scene.follow(pool, until: total)
                try await writing.value
                #expect(read.count == total && Set(read).count == total)
                let kept = try await scene.database.execute("SELECT id FROM events ORDER BY position").rows
                #expect(try read == kept.map { EventID(bits: try $0.uuid(0)) })
            }
        }
    }

    @Test("A role with grants on tables alone writes events, and its open transaction holds the feed back")
    func restrictedWriter() async throws {
        try await FeedScene.run { scene in
            try await scene.withRestrictedPool { pool in
                try await pool.withTransaction { transaction in
                    _ = try await transaction.run([scene.insert(EventID(bits: 1))])
                    _ = try await scene.database.pool.run([scene.insert(EventID(bits: 2))])
                    #expect(try await scene.read() == [])
                    _ = try await transaction.commit()
                }
                #expect(try await scene.read(with: pool) == [EventID(bits: 1), EventID(bits: 2)])
            }
        }
    }

    @Test("Events from before positions come first, by their ids, and cursors of that time go on exactly")
    func earlierVersion() async throws {
        try await FeedScene.run { scene in
            for number in [3, 1, 2] {
                _ = try await scene.database.pool.run([scene.insert(EventID(bits: UInt128(number)), position: 0)])
            }
            _ = try await scene.database.pool.run([scene.insert(EventID(bits: 0)), scene.insert(EventID(bits: 4))])
            let all = [1, 2, 3, 0, 4].map { EventID(bits: UInt128($0)) }
            #expect(try await scene.read() == all)
            for (index, event) in all.enumerated() {
                #expect(try await scene.read(after: .event(event)) == Array(all.dropFirst(index + 1)), "\(event)")
            }
            #expect(try await scene.pages(of: 1) == all)
            #expect(try await scene.pages(of: 2) == all)
        }
    }

    @Test("A claim's events have the order of their sequence, whatever their ids and times say")
    func causes() async throws {
        try await FeedScene.run { scene in
            let fixture = scene.fixture
            let payer = try await fixture.wallet(.usd, funds: 10_000)
            let links = try await fixture.links(20, to: try await fixture.wallet(), cents: 100)
            let claims = links.enumerated().map { number, link in
                fixture.claim(link.slug, by: number < 10 ? .wallet(payer) : .ach(sealedDestination: [1]))
            }
            _ = try await fixture.claims.decide(claims, removing: [])
            let outcomes = claims.dropFirst(10).flatMap { claim in
                [fixture.outcome(.settled, of: claim.claimId), fixture.outcome(.returned, of: claim.claimId)]
            }
            _ = try await fixture.settlements.apply(outcomes, removing: [])
            let told = try await scene.told()
            for link in links.prefix(10) {
                #expect(told[link.linkId] == ["1 created", "2 claimed", "3 settled"])
            }
            for link in links.dropFirst(10) {
                #expect(told[link.linkId] == ["1 created", "2 claimed", "3 settled", "4 claim_failed"])
            }
            #expect(try await scene.database.breaches() == [])
        }
    }

    @Test("A scoped reader's cursor goes past the events that it may not see")
    func scoped() async throws {
        try await FeedScene.run { scene in
            let (own, other) = (try await scene.fixture.wallet(), try await scene.fixture.wallet())
            let link = try await scene.fixture.link(to: own)
            try await scene.database.execute("DELETE FROM events")
            let rows = [
                scene.insert(EventID(bits: 1), wallet: other), scene.insert(EventID(bits: 2), wallet: own),
                scene.insert(EventID(bits: 3)), scene.insert(EventID(bits: 4), link: link.linkId),
                scene.insert(EventID(bits: 5), wallet: own),
            ]
            for row in rows { _ = try await scene.database.pool.run([row]) }
            let seen = [2, 4, 5].map { EventID(bits: $0) }
            #expect(try await scene.read(scope: [own]) == seen)
            #expect(try await scene.pages(of: 1, scope: [own]) == seen)
            #expect(try await scene.read(scope: []) == [])
            let feed = EventFeed(pool: scene.database.pool)
            let before = try await feed.read(scene.owner([own]), after: nil, limit: 10)
            // Some thousands of another wallet's events, of which one call looks at a part.
            try await scene.database.execute(
                """
                INSERT INTO events (id, organization_id, environment, type, wallet_id, body, created_at)
                SELECT gen_random_uuid(), $1, 'SANDBOX', 'wallet.funded', $2, '{}', now()
                FROM generate_series(1, 12000)
                """, [.uuid(scene.fixture.organization.bits), .uuid(other.bits)])
            _ = try await scene.database.pool.run([scene.insert(EventID(bits: 6), wallet: own)])
            #expect(try await scene.pages(of: 10, scope: [own]) == seen + [EventID(bits: 6)])
            let page = try await feed.read(scene.owner([own]), after: before.cursor, limit: 10)
            #expect(page.entries.isEmpty && page.hasMore && page.cursor != before.cursor)
        }
    }

    @Test("Whoever holds the feed back is named to every role, and ends with the transaction")
    func writers() async throws {
        try await FeedScene.run { scene in
            try await scene.withRestrictedPool { pool in
                let writers = FeedWriters(pool: pool)
                #expect(try await writers.open() == [])
                try await scene.database.pool.withTransaction { transaction in
                    _ = try await transaction.run([scene.insert(EventID(bits: 1))])
                    let pid = try await transaction.run([
                        Query(Statement("own_pid", "SELECT pg_backend_pid()::bigint"))
                    ])[0].rows[0].int64(0)
                    #expect(try await writers.open().map(\.pid) == [pid])
                    _ = try await transaction.commit()
                }
                #expect(try await writers.open() == [])
            }
        }
    }
}

@Suite("How long the feed is held back")
struct FeedLagTests {
    private static func writer(_ number: Int64) -> FeedWriters.Writer {
        FeedWriters.Writer(transaction: "3/\(number)", pid: number)
    }

    @Test("The lag is the age of the oldest writer that is still there, from the look that found it")
    func lag() {
        var lag = FeedLag()
        let start = ContinuousClock.now
        let looks: [(writers: [Int64], lag: Int, oldest: Int64?)] = [
            ([], 0, nil), ([1], 0, 1), ([1, 2], 1, 1), ([2, 3], 1, 2), ([2], 2, 2), ([], 0, nil), ([2], 0, 2),
        ]
        for (second, look) in looks.enumerated() {
            let seen = lag.observe(look.writers.map(Self.writer), at: start + .seconds(second))
            #expect(seen.lag == .seconds(look.lag) && seen.oldest == look.oldest.map(Self.writer), "\(second)")
        }
    }
}
