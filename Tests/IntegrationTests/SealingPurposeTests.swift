import Foundation
import PaymentLinks
import Postgres
import PrivateServers
import Sealing
import TestSupport
import Testing

/// Keys are kept apart by purpose, and their uses are counted.
@Suite struct SealingPurposeTests {
    private static func key(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }

    @Test func `webhook secrets have keys of their own, and old secrets are resealed`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.api.post("/v1/webhooks", #"{"url":"\#(receiver.url)"}"#)
            #expect(hook.status == 201, "\(hook.text)")
            #expect(try await Self.sealingKeys(system) == ["test"])
            let hooks = "hooks:\(Self.key(7))"
            let command = try await system.paylinks(
                "webhooks", "reseal", settings: ["PAYLINKS_WEBHOOK_SEALING_KEYS": hooks])
            #expect(command.status == .exited(0), "\(command.output)")
            #expect(try await Self.sealingKeys(system) == ["hooks"])
            // Without the sealing keys, the worker signs with the resealed secret.
            _ = try await system.start(
                .webhookWorker, ["PAYLINKS_SEALING_KEYS": "", "PAYLINKS_WEBHOOK_SEALING_KEYS": hooks])
            let test = try await system.api.post("/v1/webhooks/\(hook.json["id"].string ?? "")/test", "")
            #expect(test.json["delivered"].boolean == true, "\(test.text)")
        }
    }

    private static func sealingKeys(_ system: TestSystem) async throws -> [String] {
        try await system.rows(
            "SELECT convert_from(substring(secret FROM 3 FOR get_byte(secret, 1)), 'UTF8') FROM webhooks"
        ).map { try $0.text(0) }
    }

    @Test func `the uses of a sealing key are added up in the database`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            for _ in 0..<3 {
                let claim = try await system.api.post(
                    try await system.makeLink(to: payee).claimPath, TestSystem.achClaim())
                #expect(claim.status == 200)
            }
            await system.gateway.stop()
            #expect(try await system.number("SELECT sum(uses)::bigint FROM sealing_uses WHERE key_name = 'test'") == 3)
        }
    }

    @Test func `the database holds a digest of a payer's e-mail address and never the address`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            for _ in 0..<2 {
                let link = try await system.makeLink(to: payee)
                #expect(try await system.api.post(link.claimPath, TestSystem.achClaim()).status == 200)
            }
            #expect(try await system.number("SELECT count(*) FROM claims WHERE recipient_email IS NOT NULL") == 0)
            let digests = "SELECT count(recipient_email_digest), count(DISTINCT recipient_email_digest) FROM claims"
            let row = try #require(try await system.rows(digests).first)
            let (stored, distinct) = (try row.int64(0), try row.int64(1))
            #expect(stored == 2 && distinct == 1)
        }
    }
}
