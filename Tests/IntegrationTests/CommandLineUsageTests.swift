import Jobs
import PaymentLinks
import PrivateServers
import Testing
import TestSupport

/// What the executables say of themselves, and to those who use them wrongly.
@Suite struct CommandLineUsageTests {
    @Test(
        arguments: [
            ([], "Runs, prepares and inspects a payment links system."),
            (["dev"], "Runs the whole system on this machine"),
            (["migrate"], "Brings the database's schema up to this version."),
            (["organizations"], "Makes, lists and changes organizations."),
            (["organizations", "create"], "Makes an organization"),
            (["organizations", "list"], "Lists all organizations"),
            (["organizations", "set"], "Changes what an organization has chosen"),
            (["id"], "Turns ids of the API into UUIDs"),
            (["settlements"], "what rails still work on"), (["settlements", "list"], "that are pending"),
            (["settlements", "resend"], "once more"), (["settlements", "report"], "in a rail's stead"),
            (["keys"], "Makes, lists and revokes API keys."), (["keys", "create"], "prints its secret"),
            (["keys", "list"], "Lists an organization's keys"), (["keys", "revoke"], "Revokes a key for good"),
            (["dead-letters"], "jobs that could not be done"), (["dead-letters", "list"], "Counts the dead letters"),
            (["dead-letters", "show"], "with their reasons"), (["dead-letters", "replay"], "back to the queue"),
            (["dead-letters", "discard"], "Removes dead letters for good."), (["audit"], "Checks the whole database"),
            (["webhooks"], "webhook"),
        ] as [([String], String)])
    func `the help of a command says what it is for`(command: [String], purpose: String) async throws {
        let help = try await Program.run("paylinks", command + ["--help"])
        #expect(help.status == .exited(0), "\(help.output)")
        #expect(help.output.contains(purpose), "\(help.output)")
        #expect(help.output.contains((["USAGE: paylinks"] + command).joined(separator: " ")), "\(help.output)")
    }

    @Test(arguments: [
        (TestRole.gateway, "api-gateway", "Serves the HTTP API", "PAYLINKS_PORT"),
        (.claimWorker, "claim-worker", "Decides claims and settlement outcomes", "PAYLINKS_DATABASE_URL"),
        (.expiryWorker, "expiry-worker", "Expires links that are due", "PAYLINKS_EXPIRY_BATCH"),
        (.settlementWorker, "settlement-worker", "Carries settlements to the payment rails", "PAYLINKS_AMQP_URL"),
        (
            .webhookWorker, "webhook-worker", "Delivers events to the organizations' endpoints",
            "PAYLINKS_WEBHOOK_TIMEOUT"
        ),
    ])
    func `the help of a role says what it does and what it reads`(
        role: TestRole, name: String, purpose: String, setting: String
    ) async throws {
        let help = try await Program.run(role.rawValue, ["--help"])
        #expect(help.status == .exited(0))
        #expect(help.output.hasPrefix(name), "\(help.output)")
        #expect(help.output.contains(purpose) && help.output.contains(setting), "\(help.output)")
        let version = try await Program.run(role.rawValue, ["--version"])
        #expect(version.status == .exited(0))
        #expect(version.output.hasPrefix(name + " "))
        #expect(try await Program.run(role.rawValue, ["serve"]).status == .exited(64))
        let unset = try await Program.run(role.rawValue, [])
        #expect(unset.status == .exited(78), "\(unset.output)")
        #expect(unset.output.contains("PAYLINKS_AMQP_URL"), "it names what is missing: \(unset.output)")
    }

    @Test(
        arguments: [
            (["nonsense"], "nonsense"), (["audit", "--nonsense"], "--nonsense"), (["keys", "create"], "organization"),
            (["keys", "create", "acme"], "org_"), (["keys", "revoke", "org_01J00000000000000000000000", "7"], "key_"),
            (["keys", "create", "org_01J00000000000000000000000", "--permissions", "all"], "payments:read"),
            (["organizations", "create"], "name"), (["organizations", "create", ""], "empty"),
            (["dead-letters", "show"], "queue"), (["dead-letters", "show", "jobs.claim", "--limit", "0"], "--limit"),
            (["audit"], "PAYLINKS_DATABASE_URL"), (["migrate"], "PAYLINKS_DATABASE_URL"),
            (["id"], "ids"), (["id", "clm_7"], "clm_7"), (["settlements", "resend"], "--all"),
            (["settlements", "resend", "--all", "clm_01M84D5TSPGA27BBTFQ1021DKM"], "--all"),
            (["settlements", "resend", "clm_01M84D5TSPGA27BBTFQ1021DKM", "--method", "ach"], "--method"),
            (["settlements", "list", "--method", "wallet"], "ach and usdc"),
            (["settlements", "list", "--older-than", "soon"], "30m"),
            (["settlements", "list", "--older-than", "9223372036854775807ms"], "36500d"),
            (["settlements", "report", "clm_01M84D5TSPGA27BBTFQ1021DKM", "failed"], "--code"),
            (["settlements", "report", "clm_01M84D5TSPGA27BBTFQ1021DKM", "lost"], "returned"),
            (["dead-letters", "list"], "PAYLINKS_AMQP_URL"),
        ] as [([String], String)])
    func `wrong usage ends with 64 and names what is wrong`(arguments: [String], subject: String) async throws {
        let run = try await Program.run("paylinks", arguments)
        #expect(run.status == .exited(64), "\(run.output)")
        #expect(run.output.contains(subject), "\(run.output)")
    }

    private static let wholeEnvironment = [
        "PAYLINKS_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/db",
        "PAYLINKS_AMQP_URL": "amqp://u:hunter2@127.0.0.1:1",
        "PAYLINKS_SEALING_KEYS": "a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "PAYLINKS_DIGEST_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]

    @Test(
        arguments: [
            (.claimWorker, "PAYLINKS_USDC_DEPOSIT_ADDRESS", "0xa0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
            (.claimWorker, "PAYLINKS_ACH_MAX_AMOUNT", "0"), (.gateway, "PAYLINKS_ACH_MAX_AMOUNT", "0"),
            (.webhookWorker, "PAYLINKS_WEBHOOK_CA_FILE", "/nonexistent/authorities.pem"),
        ]
            + TestRole.allCases.flatMap { role in
                [
                    (role, "PAYLINKS_AMQP_URL", "amqp://u:hunter2@127.0.0.1:99999"),
                    (role, "PAYLINKS_AMQP_URL", "amqp://u:hunter2@127.0.0.1/a/b"),
                ]
            }
            + [TestRole.gateway, .claimWorker, .expiryWorker, .webhookWorker].map { role in
                (role, "PAYLINKS_DATABASE_URL", "postgresql://u:hunter2%zz@127.0.0.1/db")
            } as [(TestRole, String, String)])
    func `a value of the right form that its reader cannot use ends a role with 78, and its variable is named`(
        role: TestRole, variable: String, value: String
    ) async throws {
        let run = try await Program.run(
            role.rawValue, [], environment: Self.wholeEnvironment.merging([variable: value]) { $1 })
        #expect(run.status == .exited(78), "\(run.output)")
        #expect(run.output.contains("\"variable\":\"\(variable)\""), "\(run.output)")
        #expect(!run.output.contains("hunter2"))
    }

    @Test func `ids are turned into UUIDs and back`() async throws {
        let (id, uuid) = ("01M84D5TSPGA27BBTFQ1021DKM", "01a208d2-eb36-8284-75af-4fb84020b674")
        let run = try await Program.run("paylinks", ["id", "clm_\(id)", uuid.uppercased(), id.lowercased()])
        let minted = "2026-11-23T14:32:50.230Z"
        #expect(run.output == ["clm_", "", ""].map { "\($0)\(id)\t\(uuid)\t\(minted)\n" }.joined())
        let json = try await Program.run("paylinks", ["id", uuid, "--json"]).json
        #expect(json[0]["id"].string == id && json[0]["mintedAt"].string == minted)
        let version = try await Program.run("paylinks", ["--version"])
        #expect(version.status == .exited(0) && version.output.split(separator: ".").count == 3, "\(version.output)")
    }

    @Test func `what is not in the system is named`() async throws {
        try await TestSystem.run([]) { system, _ in
            let absent = OrganizationID.mint(at: .now()).description
            let key = try await system.paylinks("keys", "create", absent)
            #expect(key.status == .exited(64))
            #expect(key.output.contains(absent), "\(key.output)")
            let queue = try await system.paylinks("dead-letters", "show", "jobs.nonsense")
            #expect(queue.status == .exited(64))
            #expect(queue.output.contains(system.topology.claimQueue), "it names those there are: \(queue.output)")
            let keyId = KeyID.mint(at: .now()).description
            let revoked = try await system.paylinks("keys", "revoke", system.organization.description, keyId)
            #expect(revoked.status == .exited(64))
            #expect(revoked.output.contains(keyId), "\(revoked.output)")
            let claimId = ClaimID.mint(at: .now()).description
            for arguments in [["resend", claimId], ["report", claimId, "settled"]] {
                let run = try await Program.run(
                    "paylinks", ["settlements"] + arguments, environment: system.environment)
                #expect(run.status == .exited(64) && run.output.contains(claimId), "\(run.output)")
            }
        }
    }

    @Test(arguments: [
        ["migrate", "--database-url", "postgresql://paylinks:hunter2@127.0.0.1:1/paylinks"],
        ["audit", "--database-url", "postgresql://paylinks:hunter2@127.0.0.1:1/paylinks"],
        ["dead-letters", "list", "--amqp-url", "amqp://paylinks:hunter2@127.0.0.1:1/%2F"],
    ])
    func `a server that is not there ends the command soon, with a word on it and without the password`(
        arguments: [String]
    ) async throws {
        let start = ContinuousClock.now
        let run = try await Program.run("paylinks", arguments)
        #expect(run.status == .exited(69), "\(run.output)")
        #expect(run.output.contains("127.0.0.1"), "it says where it looked: \(run.output)")
        #expect(!run.output.contains("hunter2"))
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
