import Foundation
import PaymentLinks
import PrivateServers
import Testing
import TestSupport

/// What requests cost the processes in allocations: a count that no machine's speed changes.
@Suite(.serialized) struct AllocationTests {
    #if DEBUG
        private static let count = 512
    #else
        private static let count = 2_048
    #endif
    /// Requests under way at once: how many share a message and a batch is part of what each of them costs.
    private static let concurrency = 64

    /// What is asked for, and the allocations that each may cost: a fifth more than was measured in the gateway, and a
    /// half more in the worker, where a request's share of a batch depends on how many came together.
    enum Work: CaseIterable {
        case lines, walletClaims, achClaims, creations

        #if DEBUG
            /// Without optimization.
            var limits: [TestRole: Double] {
                switch self {
                case .lines: [.gateway: 1_050, .claimWorker: 1_870]
                case .walletClaims: [.gateway: 1_000, .claimWorker: 2_010]
                case .achClaims: [.gateway: 1_240, .claimWorker: 1_690]
                case .creations: [.gateway: 1_200, .claimWorker: 1_010]
                }
            }
        #else
            var limits: [TestRole: Double] {
                switch self {
                case .lines: [.gateway: 76, .claimWorker: 62]
                case .walletClaims: [.gateway: 128, .claimWorker: 124]
                case .achClaims: [.gateway: 214, .claimWorker: 205]
                case .creations: [.gateway: 147, .claimWorker: 100]
                }
            }
        #endif
    }

    @Test(arguments: Work.allCases) func `a request allocates no more than it did`(_ work: Work) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("allocations-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let settings = [
            "LD_PRELOAD": try await Self.counter(in: folder), "ALLOCATION_COUNTS": folder.path,
            "PAYLINKS_RATE_LIMIT_PER_ORGANIZATION": "1000000",
            "PAYLINKS_RATE_LIMIT_PER_KEY": "1000000", "PAYLINKS_RATE_LIMIT_PER_ADDRESS": "1000000",
        ]
        try await TestSystem.run([.claimWorker], settings: settings) { system, roles in
            let processes = [TestRole.gateway: system.gateway, .claimWorker: try #require(roles.first)]
            let payer = try await system.makeWallet("Payer", funds: Int64(Self.count) * 1_000)
            let slugs = try await Self.links(Self.count * 2, system)
            let doWork = try await Self.doing(work, payer: payer, system)
            try await doWork(slugs[..<Self.count])
            let before = try await Self.counts(of: processes, in: folder)
            try await doWork(slugs[Self.count...])
            let after = try await Self.counts(of: processes, in: folder)
            for (role, limit) in work.limits {
                let total = try #require(after[role]) - (try #require(before[role]))
                let each = Double(total) / Double(Self.count)
                print("\(work), \(role): \(each) allocations each, at most \(limit)")
                #expect(each > 1, "\(role): the counter has counted")
                #expect(each <= limit, "\(role): \(each) allocations each")
            }
        }
    }

    /// Does the work once for each of the links that it is given.
    private static func doing(
        _ work: Work, payer: WalletID, _ system: TestSystem
    ) async throws -> (ArraySlice<String>) async throws -> Void {
        let payee = try await system.makeWallet("Payee of new links")
        return { slugs in
            switch work {
            case .lines: try await claim(slugs, from: payer, system)
            case .walletClaims:
                try await post(slugs.map { (claimPath($0), TestSystem.walletClaim(payer)) }, answer: 200, system)
            case .achClaims:
                try await post(slugs.map { (claimPath($0), TestSystem.achClaim()) }, answer: 200, system)
            case .creations:
                try await post(
                    slugs.map { _ in ("/v1/payment-links", BatchTests.creation(payee)) }, answer: 201, system)
            }
        }
    }

    private static func claimPath(_ slug: String) -> String { "/v1/payment-links/claim/\(slug)/claim" }

    /// Each request by itself, so many at once.
    private static func post(
        _ requests: [(path: String, body: String)], answer status: Int, _ system: TestSystem
    ) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var accepted = 0
            for (index, request) in requests.enumerated() {
                if index >= concurrency { accepted += try await group.next() == status ? 1 : 0 }
                group.addTask { try await system.api.post(request.path, request.body).status }
            }
            for try await answer in group { accepted += answer == status ? 1 : 0 }
            #expect(accepted == requests.count)
        }
    }

    private static func links(_ count: Int, _ system: TestSystem) async throws -> [String] {
        let payee = try await system.makeWallet("Payee")
        let made = try await system.api.batch(
            "/v1/payment-links/batch", Array(repeating: BatchTests.creation(payee), count: count))
        let slugs = made.lines.compactMap { $0.body["slug"].string }
        try #require(slugs.count == count)
        return slugs
    }

    private static func claim(_ slugs: ArraySlice<String>, from payer: WalletID, _ system: TestSystem) async throws {
        let claimed = try await system.api.batch(
            "/v1/payment-links/claims/batch", slugs.map { BatchTests.walletClaim(payer, on: $0) })
        #expect(claimed.lines.count { $0.status == 200 } == slugs.count)
    }

    /// Builds the library that counts in front of the C library's allocator.
    private static func counter(in folder: URL) async throws -> String {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../bench/allocations/counter.c").standardized.path
        let library = folder.appendingPathComponent("counter.so").path
        let arguments = ["-O2", "-shared", "-fPIC", "-o", library, source]
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        // Swift's own toolchain brings clang; it links by the system's linker, as Swift does.
        let run = try await Program.run(at: "/usr/bin/env", ["clang"] + arguments, environment: ["PATH": path])
        try #require(run.status == .exited(0), "\(run.output)")
        return library
    }

    /// The first of the two numbers that the library keeps for each process.
    private static func counts(
        of processes: [TestRole: RoleProcess], in folder: URL
    ) async throws -> [TestRole: UInt64] {
        var counts: [TestRole: UInt64] = [:]
        for (role, process) in processes {
            let pid = try #require(await process.pid)
            let bytes = try Data(contentsOf: folder.appendingPathComponent("\(pid)"))
            counts[role] = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return counts
    }
}
