import Foundation
import PrivateServers

/// A whole system on one machine: servers, database, roles, in this order; and put away in the reverse order.
struct DevelopmentSystem: Sendable {
    let home: DevelopmentHome
    let port: GatewayPort
    let instances: [RoleInstance]
    let announcer: Announcer

    private static let database = "paylinks"

    /// Runs until cancelled. No process that it started is left when it returns or throws.
    func run() async throws {
        home.remove(DevelopmentRecord.file)
        home.setAside(home.restarts)
        let record = DevelopmentRecordKeeper(home: home)
        for instance in instances { _ = try Executables.path(of: instance.role) }
        announcer.say("starting PostgreSQL")
        let postgres = try await PrivatePostgres.start(in: home.postgres)
        report("PostgreSQL \(postgres.version)", port: postgres.port, folder: postgres.folder, wanted: home.postgres)
        try await ServerKeeper(server: postgres, name: "PostgreSQL", record: record, announcer: announcer).holding {
            let seed = try await prepareDatabase(of: postgres)
            announcer.say("starting RabbitMQ")
            let rabbitMQ = try await PrivateRabbitMQ.start(in: home.rabbitMQ)
            report("RabbitMQ", port: rabbitMQ.port, folder: rabbitMQ.folder, wanted: home.rabbitMQ)
            try await ServerKeeper(server: rabbitMQ, name: "RabbitMQ", record: record, announcer: announcer).holding {
                try await runRoles(postgres: postgres, rabbitMQ: rabbitMQ, seed: seed, record: record)
            }
        }
        if let restarts = await record.restartSummary { announcer.say("restarts in this run: \(restarts)") }
        announcer.say("everything has ended")
    }

    private func report(_ server: String, port: Int, folder: URL, wanted: URL) {
        announcer.say("\(server) is ready on 127.0.0.1:\(port)")
        if folder.path != wanted.path {
            announcer.say("its data is in \(folder.path), for its user cannot enter \(wanted.path)")
        }
    }

    /// Makes the database, brings it to the newest schema, and seeds it, once.
    private func prepareDatabase(of postgres: PrivatePostgres) async throws -> DevelopmentSeed.Seed {
        let isNew = !(try await postgres.hasDatabase(named: Self.database))
        if isNew { try await postgres.createDatabase(named: Self.database) }
        let url = postgres.url(database: Self.database)
        announcer.say("migrating the database")
        let environment = ProcessInfo.processInfo.environment.merging(["PAYLINKS_DATABASE_URL": url]) { $1 }
        try await Command.run(Executables.own.path, ["migrate"], environment: environment)
        if !isNew, let kept = try keptSeed() { return kept }
        announcer.say("seeding the database")
        let seed = try await DevelopmentSeed.run(databaseURL: url)
        try home.write(seed, to: "seed.json")
        return seed
    }

    /// The seed of an earlier run; `nil` if it is absent or of another shape.
    private func keptSeed() throws -> DevelopmentSeed.Seed? {
        do {
            return try home.read(DevelopmentSeed.Seed.self, from: "seed.json")
        } catch is DecodingError {
            return nil
        }
    }

    private func runRoles(
        postgres: PrivatePostgres, rabbitMQ: PrivateRabbitMQ, seed: DevelopmentSeed.Seed,
        record: DevelopmentRecordKeeper
    ) async throws {
        let port = try choosePort()
        let environment = DevelopmentEnvironment(
            databaseURL: postgres.url(database: Self.database), amqpURL: rabbitMQ.url,
            baseURL: "http://127.0.0.1:\(port)", port: port, secrets: try DevelopmentSecrets.kept(in: home))
        let keepers = try instances.map { try keeper(of: $0, environment: environment, record: record) }
        try await RoleGroup(keepers: keepers).holding {
            for keeper in keepers {
                try await keeper.waitUntilReady()
                announcer.say("\(keeper.instance.name) is ready")
            }
            let facts = describe(environment, keepers: keepers, seed: seed)
            try await record.publish(facts)
            announcer.show(Suggestions.text(for: facts, home: home))
            await untilCancelled()
            await record.withdraw()
            announcer.say("ending: the roles finish what they have begun")
        }
    }

    private func choosePort() throws -> Int {
        let number = try port.choose()
        if case .any = port, number != GatewayPort.usual {
            announcer.say("port \(GatewayPort.usual) is taken, so the gateway uses \(number)")
        }
        return number
    }

    private func keeper(
        of instance: RoleInstance, environment: DevelopmentEnvironment, record: DevelopmentRecordKeeper
    ) throws -> RoleKeeper {
        let operationsPort = try LoopbackPort.free()
        home.setAside(home.log(of: instance))
        let launch = Launch(
            try Executables.path(of: instance.role), [],
            environment: environment.variables(operationsPort: operationsPort), folder: home.folder,
            output: .file(home.log(of: instance)))
        return RoleKeeper(
            instance: instance, launch: launch, operationsPort: operationsPort, log: home.log(of: instance),
            record: record, announcer: announcer)
    }

    private func describe(
        _ environment: DevelopmentEnvironment, keepers: [RoleKeeper], seed: DevelopmentSeed.Seed
    ) -> DevelopmentRecord {
        let operations = keepers.map { ($0.instance.name, "http://127.0.0.1:\($0.operationsPort)") }
        return DevelopmentRecord(
            baseURL: environment.baseURL, apiKey: seed.apiKey, liveApiKey: seed.liveApiKey,
            organizationId: seed.organizationId, payeeWalletId: seed.payeeWalletId,
            payerWalletId: seed.payerWalletId, databaseURL: environment.databaseURL, amqpURL: environment.amqpURL,
            pids: [:], operations: Dictionary(uniqueKeysWithValues: operations))
    }

    private func untilCancelled() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
    }
}
