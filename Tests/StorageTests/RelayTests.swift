import Jobs
import Logging
import PaymentLinks
import Postgres
import RabbitMQ
import Relay
import Storage
import Testing

@Suite("The relay of the outbox", .serialized)
struct RelayTests {
    @Test("While the broker is away, nothing is read of what waits but how much there is")
    func brokerAway() async throws {
        try await TestDatabase.run(connections: 1) { (database) async throws in
            let fixture = try await Fixture(database)
            _ = try await fixture.links(10, to: try await fixture.wallet())
            let logger = Logger(label: "relay-tests") { _ in SwiftLogNoOpLogHandler() }
            // Nobody listens there.
            let publisher = RabbitMQPublisher.start(
                configuration: try RabbitMQConfiguration(urls: ["amqp://127.0.0.1:1"]), logger: logger)
            let relay = OutboxRelay(
                store: OutboxStore(pool: database.pool),
                publisher: OutboxPublisher(publisher: publisher, topology: JobTopology(prefix: "")), age: .zero,
                interval: .milliseconds(1), logger: logger)
            let before = try await Self.eventsRead(database)
            let units = database.pool.statistics.units
            let relaying = Task { await relay.run() }
            while database.pool.statistics.units < units + 20 { try await Task.sleep(for: .milliseconds(5)) }
            relaying.cancel()
            await relaying.value
            #expect(try await Self.eventsRead(database) == before)
            #expect(try await OutboxStore(pool: database.pool).lag().count == 1)
            await publisher.shutdown()
        }
    }

    /// How many events were read so far; the one connection tells its counts first.
    private static func eventsRead(_ database: TestDatabase) async throws -> Int {
        try await database.execute("SELECT pg_stat_force_next_flush()")
        return try await database.number(
            "SELECT coalesce(idx_tup_fetch, 0) + seq_tup_read FROM pg_stat_user_tables WHERE relname = 'events'")
    }
}
