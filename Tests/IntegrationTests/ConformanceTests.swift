import Foundation
import PaymentLinks
import PrivateServers
import Testing
import TestSupport

/// The whole system, asked by programs that were not written with it. `make conformance` runs them at full length.
@Suite struct ConformanceTests {
    private static let roles: [TestRole] = [.claimWorker, .settlementWorker, .webhookWorker, .expiryWorker]

    @Test func `the API's own Python client works as it is: each method, each model, each error's class`() async throws
    {
        try await TestSystem.run(Self.roles) { system, _ in
            let run = try await Tool.python("wallgent_client.py", environment: try await system.address())
            #expect(run.status == .exited(0), "\(run.output)")
            #expect(run.output.contains("test_every_method_of_the_asynchronous_client"), "\(run.output)")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a caller over its rate gets the Python client's own class of error`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_RATE_LIMIT_PER_KEY": "3"]) { system, _ in
            let run = try await Tool.python("wallgent_rate_limit.py", environment: try await system.address())
            #expect(run.status == .exited(0), "\(run.output)")
        }
    }

    @Test func `the JavaScript client tells the guide's story, and all of its own tests pass`() async throws {
        try await TestSystem.run(Self.roles) { system, _ in
            let run = try await Tool.javaScriptTests(environment: try await system.address())
            #expect(run.status == .exited(0), "\(run.output)")
            #expect(run.output.contains("# fail 0"), "\(run.output)")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `the JavaScript client's types hold a program that uses every part of them`() async throws {
        let run = try await Tool.typeScript(environment: [:])
        #expect(run.status == .exited(0), "\(run.output)")
    }

    @Test func `Schemathesis finds no fault, no undocumented answer and no breach of a schema in a short run`()
        async throws
    {
        try await TestSystem.run(Self.roles) { system, _ in
            let payee = try await system.makeWallet("Payee")
            let payer = try await system.makeWallet("Payer", funds: 10_000_000)
            let wallets = ["PAYLINKS_PAYEE_WALLET": "\(payee)", "PAYLINKS_PAYER_WALLET": "\(payer)"]
            let environment = try await system.address().merging(wallets) { $1 }
            let run = try await Tool.schemathesis(seconds: 30, in: system.folder, environment: environment)
            #expect(run.status == .exited(0), "\(run.output)")
            let summary = try #require(run.output.range(of: "Test cases:"), "\(run.output)")
            print(run.output[summary.lowerBound...])
            #expect(try await system.breaches() == [])
        }
    }
}

extension TestSystem {
    /// Where the system is and as whom to ask it, as the programs outside are told.
    func address() async throws -> [String: String] {
        [
            "PAYLINKS_BASE_URL": api.baseURL, "PAYLINKS_API_KEY": api.key ?? "",
            "PAYLINKS_LIVE_API_KEY": try await Self.makeKey(.production, of: organization, in: pool),
        ]
    }
}

/// Programs of others that hold the system against what they know of it.
enum Tool {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    private static var scripts: URL { root.appending(path: "Tests/Python") }
    /// Much longer than any of them takes.
    private static let patience = Duration.seconds(180)

    static func python(_ script: String, environment: [String: String]) async throws -> Program {
        let python = root.appending(path: ".build/python/bin/python").path
        return try await run(python, [scripts.appending(path: script).path], environment)
    }

    static func javaScriptTests(environment: [String: String]) async throws -> Program {
        let folder = root.appending(path: "clients/javascript/test")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".test.js") }
        let files = names.sorted().map { folder.appending(path: $0).path }
        return try await run("/usr/bin/env", ["node", "--test", "--test-reporter=tap"] + files, environment)
    }

    static func typeScript(environment: [String: String]) async throws -> Program {
        let folder = root.appending(path: "clients/javascript").path
        return try await run("/usr/bin/env", ["tsc", "--project", folder], environment)
    }

    /// - Parameter folder: Where it may leave what it remembers.
    static func schemathesis(
        seconds: Int, in folder: URL, environment: [String: String]
    ) async throws -> Program {
        let arguments = ["\(seconds)", folder.path]
        return try await run(root.appending(path: "scripts/schemathesis").path, arguments, environment)
    }

    private static func run(
        _ program: String, _ arguments: [String], _ environment: [String: String]
    ) async throws -> Program {
        try await Program.run(at: program, arguments, environment: environment, patience: patience)
    }
}
