import Foundation
import PaymentLinks
import PrivateServers
import Testing
import TestSupport

/// What a claim costs the processes in allocations: a count that no machine's speed changes.
@Suite(.serialized) struct AllocationTests {
    private static let claimCount = 2_048
    /// Allocations that a claim of a large batch may cost. Measured: 71 and 39; a fifth more is a change to look at.
    private static let limits: [TestRole: Double] = [.gateway: 85, .claimWorker: 47]

    @Test func `a claim allocates no more than it did`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("allocations-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let settings = [
            "LD_PRELOAD": try await Self.counter(in: folder), "ALLOCATION_COUNTS": folder.path,
            "PAYLINKS_RATE_LIMIT_PER_KEY": "1000000", "PAYLINKS_RATE_LIMIT_PER_ADDRESS": "1000000",
        ]
        try await TestSystem.run([.claimWorker], settings: settings) { system, roles in
            let processes = [TestRole.gateway: system.gateway, .claimWorker: try #require(roles.first)]
            let payer = try await system.makeWallet("Payer", funds: Int64(Self.claimCount) * 1_000)
            let slugs = try await Self.links(Self.claimCount * 2, system)
            try await Self.claim(slugs[..<Self.claimCount], from: payer, system)
            let before = try await Self.counts(of: processes, in: folder)
            try await Self.claim(slugs[Self.claimCount...], from: payer, system)
            let after = try await Self.counts(of: processes, in: folder)
            for (role, limit) in Self.limits {
                let total = try #require(after[role]) - (try #require(before[role]))
                let each = Double(total) / Double(Self.claimCount)
                print("\(role): \(each) allocations a claim, at most \(limit)")
                #expect(each > 1, "\(role): the counter has counted")
                #expect(each <= limit, "\(role): \(each) allocations a claim")
            }
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
