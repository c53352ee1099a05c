package import Foundation
package import Jobs
package import Logging
package import PaymentLinks
package import Postgres
import PrivateServers
package import RabbitMQ
package import Sealing
package import Storage
import Synchronization

/// A whole system of real processes on real servers, for one test.
package final class TestSystem: Sendable {
    package let servers: TestServers
    package let topology: JobTopology
    package let broker: RabbitMQConfiguration
    /// The database, for a test to look into.
    package let pool: PostgresPool
    package let databaseName: String
    package let databaseURL: String
    /// What every process is started with.
    package let environment: [String: String]
    package let folder: URL
    package let gateway: RoleProcess
    /// Every process that was made for this system, so that none outlives it.
    private let processes = Mutex<[RoleProcess]>([])
    package let organization: OrganizationID
    /// The gateway, asked by the organization, in the sandbox.
    package let api: API
    package let digestKey: [UInt8]
    /// Seals as the gateway does.
    package let ring: KeyRing
    package let sealer: DestinationSealer

    /// Belongs to no one; what the operator of these systems has configured.
    package static let sandboxDepositAddress = "0x" + String(repeating: "1", count: 40)
    package static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` on a system of these roles, beside a gateway, and removes it afterwards whatever happens.
    package static func run<Value>(
        _ roles: [TestRole] = [.claimWorker, .settlementWorker], ownServers: Bool = false,
        settings: [String: String] = [:], _ body: (TestSystem, [RoleProcess]) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("paylinks-test-\(UUID())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        defer { try? FileManager.default.removeItem(at: folder) }
        let servers = try await ownServers ? TestServers.own(in: folder) : TestServers.shared()
        let system: TestSystem
        do {
            system = try await TestSystem(servers: servers, folder: folder, settings: settings)
        } catch {
            await servers.end()
            throw error
        }
        do {
            try await system.gateway.start()
            var processes: [RoleProcess] = []
            for role in roles { processes.append(try await system.start(role)) }
            let value = try await body(system, processes)
            await system.tearDown()
            return value
        } catch {
            let logs = await system.logs()
            await system.tearDown()
            throw Failed(error: error, logs: logs)
        }
    }

    private init(servers: TestServers, folder: URL, settings: [String: String]) async throws {
        self.servers = servers
        self.folder = folder
        let name = "test_\(UInt64.random(in: 0 ... .max))"
        let secrets = TestSecrets()
        digestKey = secrets.digestKey
        ring = try KeyRing([(name: "test", key: secrets.sealingKey)])
        sealer = DestinationSealer(ring: ring)
        databaseName = name
        databaseURL = try await Self.createDatabase(name, on: servers)
        topology = JobTopology(prefix: name + ".")
        broker = try RabbitMQConfiguration(urls: [servers.amqpURL]).named(name)
        let port = try LoopbackPort.free()
        environment = secrets.environment.merging([
            "PATH": "/usr/bin:/bin",
            "PAYLINKS_DATABASE_URL": databaseURL, "PAYLINKS_AMQP_URL": servers.amqpURL,
            "PAYLINKS_QUEUE_PREFIX": name + ".", "PAYLINKS_PORT": "\(port)",
            "PAYLINKS_WEBHOOK_ALLOW_LOOPBACK": "true",
            "PAYLINKS_SANDBOX_USDC_DEPOSIT_ADDRESS": Self.sandboxDepositAddress,
            // Every payer of a test has the same address.
            "PAYLINKS_RATE_LIMIT_PER_ADDRESS": "20000",
        ]) { $1 }.merging(settings) { $1 }
        pool = PostgresPool(
            configuration: PostgresConfiguration(connectionString: databaseURL, applicationName: name),
            connections: 2, logger: Self.logger)
        try await Migrator(pool: pool).migrate()
        organization = .mint(at: .now())
        try await OrganizationStore(pool: pool).insert(
            organization, name: "Test organization", displayName: "Test Payee", at: .now())
        let key = try await Self.makeKey(.sandbox, of: organization, in: pool)
        api = API(baseURL: "http://127.0.0.1:\(port)", key: key)
        gateway = try RoleProcess(
            role: .gateway, environment: environment, log: folder.appendingPathComponent("gateway.log"))
    }

    // MARK: - Processes

    /// Starts one more process of a role.
    package func start(_ role: TestRole, _ settings: [String: String] = [:]) async throws -> RoleProcess {
        let process = try make(role)
        try await process.start(settings)
        return process
    }

    /// A process of a role, not started yet.
    package func make(_ role: TestRole) throws -> RoleProcess {
        let log = folder.appendingPathComponent("\(role.rawValue)-\(UInt32.random(in: 0 ... .max)).log")
        let process = try RoleProcess(role: role, environment: environment, log: log)
        processes.withLock { $0.append(process) }
        return process
    }

    private var allProcesses: [RoleProcess] { processes.withLock { $0 } + [gateway] }

    private func tearDown() async {
        for process in allProcesses { await process.kill() }
        await pool.shutdown(deadline: .now)
        if servers.own == nil {
            await removeQueues()
            try? await Self.dropDatabase(databaseName, on: servers)
        }
        await servers.end()
    }

    private func logs() async -> String {
        var text = ""
        for process in allProcesses { text += "--- \(process.role.rawValue)\n\(await process.logTail)\n" }
        return text
    }

    struct Failed: Error, CustomStringConvertible {
        let error: any Error
        let logs: String
        var description: String { "\(error)\n\(logs)" }
    }

    // MARK: - Databases and queues

    private static func createDatabase(_ name: String, on servers: TestServers) async throws -> String {
        try await administer("CREATE DATABASE \(name)", on: servers)
        var url = URLComponents(string: servers.databaseURL)
        url?.path = "/" + name
        return url?.string ?? servers.databaseURL
    }

    private static func dropDatabase(_ name: String, on servers: TestServers) async throws {
        try await administer("DROP DATABASE \(name) WITH (FORCE)", on: servers)
    }

    private static func administer(_ sql: String, on servers: TestServers) async throws {
        let connection = PostgresConnection.start(
            PostgresConfiguration(connectionString: servers.databaseURL, applicationName: "tests"), logger: logger)
        do {
            _ = try await connection.run([Query(Statement("administer", sql))])
            await connection.shutdown()
        } catch {
            await connection.shutdown()
            throw error
        }
    }

    private func removeQueues() async {
        guard let administration = try? await RabbitMQAdministration.open(configuration: broker, logger: Self.logger)
        else { return }
        for queue in topology.workQueues {
            _ = try? await administration.delete(queue: queue)
            _ = try? await administration.delete(queue: topology.deadQueue(of: queue))
        }
        for exchange in topology.topology.exchanges { try? await administration.delete(exchange: exchange.name) }
        await administration.close()
    }

    /// How many messages are ready in a queue; what a consumer holds is not counted.
    package func depth(of queue: String) async throws -> Int {
        try await withAdministration { try await $0.status(ofQueue: queue).messageCount }
    }

    /// How many messages these queues have together, those that a consumer holds unacknowledged too.
    ///
    /// AMQP tells of ready messages alone, and `list_queues` of how many there were some seconds ago, so the queues
    /// themselves are asked. Each call costs a second of a core.
    package func messageCount(in queues: [String]) async throws -> Int {
        let names = queues.map { "<<\"\($0)\">>" }.joined(separator: ", ")
        let expression = """
            lists:sum([begin
                {ok, {_, Count}, _} = ra:leader_query(amqqueue:get_pid(Queue), fun rabbit_fifo:query_messages_total/1),
                Count
            end || Queue <- rabbit_amqqueue:list(<<"/">>), lists:member(element(4, amqqueue:get_name(Queue)), [\(names)])]).
            """
        let output = try await servers.control(["eval", expression])
        guard let count = Int(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Unreadable(text: output)
        }
        return count
    }

    private struct Unreadable: Error {
        let text: String
    }

    /// Whether these queues, every work queue but the webhooks' unless told, are empty after a while: nothing ready,
    /// nothing unacknowledged.
    package func isDrained(_ queues: [String]? = nil, within patience: Duration = .seconds(30)) async throws -> Bool {
        let queues = queues ?? topology.workQueues.filter { $0 != topology.webhookQueue }
        let isTaken = try await eventually(within: patience) {
            for queue in queues where try await depth(of: queue) > 0 { return false }
            return true
        }
        guard isTaken else { return false }
        return try await eventually(within: patience, every: .seconds(1)) { try await messageCount(in: queues) == 0 }
    }

    package func withAdministration<Value>(
        _ body: (RabbitMQAdministration) async throws -> Value
    ) async throws -> Value {
        let administration = try await RabbitMQAdministration.open(configuration: broker, logger: Self.logger)
        do {
            let value = try await body(administration)
            await administration.close()
            return value
        } catch {
            await administration.close()
            throw error
        }
    }

    /// Publishes messages as one of the system's processes would.
    package func publish(_ messages: [OutgoingMessage]) async throws {
        let publisher = RabbitMQPublisher.start(
            configuration: broker, topology: topology.topology, logger: Self.logger)
        let results = await publisher.publish(messages)
        await publisher.shutdown()
        for result in results { try result.get() }
    }

    // MARK: - Looking into the database

    /// Runs a statement and returns its rows.
    package func rows(_ sql: String, _ parameters: [PostgresValue] = []) async throws -> [Row] {
        let statement = Statement("test_\(UInt64.random(in: 0 ... .max))", sql)
        return Array(try await pool.run([Query(statement, parameters)])[0].rows)
    }

    /// The number that a `SELECT count(*)` or the like returns.
    package func number(_ sql: String, _ parameters: [PostgresValue] = []) async throws -> Int {
        Int(try await rows(sql, parameters)[0].int64(0))
    }

    /// The rules that the database breaks, with samples; none when the books are right.
    package func breaches() async throws -> [String] {
        try await AuditStore(pool: pool).audit().filter { $0.breachCount > 0 }.map {
            "\($0.check.name): \($0.breachCount) \($0.samples)"
        }
    }

    // MARK: - Organizations, keys, wallets

    /// Makes an organization that has nothing to do with the system's own.
    package func makeOrganization(_ name: String = "Other organization") async throws -> OrganizationID {
        let id = OrganizationID.mint(at: .now())
        try await OrganizationStore(pool: pool).insert(id, name: name, displayName: name, at: .now())
        return id
    }

    package static func makeKey(
        _ environment: Environment, of organization: OrganizationID, in pool: PostgresPool,
        grant: KeyGrant = KeyGrant(permissions: Set(Permission.allCases))
    ) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let secret = APISecret.mint(environment, using: &generator)
        let key = APIKey(
            id: .mint(at: .now()), organizationId: organization, environment: environment, name: "Test",
            prefix: secret.prefix, grant: grant, revokedAt: nil, createdAt: .now())
        try await APIKeyStore(pool: pool).insert(key, secretDigest: secret.digest)
        return secret.text
    }

    /// Makes a wallet, and funds it with an amount of minor units if there is one.
    package func makeWallet(
        _ name: String = "Wallet", currency: Currency = .usd, funds: Int64 = 0, allowsPublicClaims: Bool = false,
        environment: Environment = .sandbox, of owner: OrganizationID? = nil
    ) async throws -> WalletID {
        let creation = WalletCreation(
            organizationId: owner ?? organization, environment: environment, name: name, agentName: nil,
            currency: currency, allowsPublicClaims: allowsPublicClaims, metadataJSON: "{}")
        guard case .made(let wallet) = try await WalletCreationStore(pool: pool).create(creation, idempotency: nil)
        else { throw StorageError.unreadable("a wallet without a key is always made") }
        if funds > 0 {
            _ = try await FundingStore(pool: pool).fund(
                wallet.id, organization: owner ?? organization,
                amount: Money(minorUnits: funds, currency: currency), idempotency: nil)
        }
        return wallet.id
    }
}

/// The keys that a system under test seals and marks with.
private struct TestSecrets {
    let sealingKey = (0..<32).map { _ in UInt8.random(in: 0...255) }
    let digestKey = (0..<32).map { _ in UInt8.random(in: 0...255) }

    var environment: [String: String] {
        [
            "PAYLINKS_SEALING_KEYS": "test:" + Data(sealingKey).base64EncodedString(),
            "PAYLINKS_DIGEST_KEY": Data(digestKey).base64EncodedString(),
        ]
    }
}
