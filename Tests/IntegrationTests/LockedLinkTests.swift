import PaymentLinks
import Postgres
import TestSupport
import Testing

/// The expiry worker beside a session that holds links.
@Suite(.serialized) struct LockedLinkTests {
    @Test func `a link expires at once while a session holds as many overdue links as a batch has`() async throws {
        let batch = 5
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_EXPIRY_BATCH": "\(batch)"]) { system, _ in
            let wallet = try await system.makeWallet()
            var held: [TestSystem.Link] = []
            for _ in 0..<batch { held.append(try await system.makeLink(to: wallet)) }
            let later = try await system.makeLink(to: wallet)
            try await system.moveEnd(of: held)
            let ids = held.compactMap { LinkID($0.id)?.bits }
            try await system.pool.withTransaction { transaction in
                let lock = Statement("hold", "SELECT id FROM payment_links WHERE id = ANY($1::uuid[]) FOR UPDATE")
                #expect(try await transaction.run([Query(lock, [.uuids(ids)])])[0].rows.count == batch)
                let worker = try await system.start(.expiryWorker)
                try await system.moveEnd(of: [later], to: .milliseconds(500))
                let expired = "SELECT count(*) FROM payment_links WHERE expired_at < expires_at + interval '2 seconds'"
                #expect(try await eventually { try await system.number(expired) == 1 })
                #expect(try await system.number("SELECT count(*) FROM payment_links WHERE status = 'EXPIRED'") == 1)
                _ = try await transaction.commit()
                #expect(try await eventually { try await Self.expiredCount(system) == batch + 1 })
                await worker.kill()
            }
        }
    }

    private static func expiredCount(_ system: TestSystem) async throws -> Int {
        try await system.number("SELECT count(*) FROM payment_links WHERE status = 'EXPIRED'")
    }
}
