import Foundation
import Jobs
import PaymentLinks
import Postgres
import RabbitMQ
import TestSupport
import Testing

/// A payer's account number is sealed at the door: nothing behind it, and nobody, gets to see it.
@Suite struct AccountNumberTests {
    @Test func `an account number rests and travels sealed alone`() async throws {
        let settings = ["PAYLINKS_LOG_LEVEL": "trace"]
        try await TestSystem.run([.claimWorker, .webhookWorker, .expiryWorker], settings: settings) {
            system, processes in
            let number = WrongRequest.accountNumber
            let payee = try await system.makeWallet()
            let receiver = try await WebhookReceiver.start()
            _ = try await system.makeWebhook(receiver.url)
            var answers: [API.Answer] = []
            for refused in [false, true] {
                let link = try await system.makeLink(to: payee)
                if refused { _ = try await system.api.patch("/v1/payment-links/\(link.id)") }
                answers.append(try await system.api.post(link.claimPath, TestSystem.achClaim(account: number)))
                answers.append(try await system.api.get("/v1/payment-links/\(link.id)"))
            }
            #expect(answers.map(\.status) == [200, 200, 409, 200])
            for letter in try await Self.messages(of: system.topology.settlementQueue(.ach), system) {
                #expect(!Self.holds(letter, number))
            }
            let rail = try await system.start(.settlementWorker)
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 1
            }
            #expect(settled)
            // Two links made, one of them claimed and settled, the other cancelled.
            #expect(try await eventually { receiver.received.count == 5 })
            #expect(answers.allSatisfy { !$0.text.contains(number) })
            #expect(receiver.received.allSatisfy { !Self.holds($0.body, number) })
            for process in processes + [rail, system.gateway] {
                let log = await process.logText
                #expect(!log.isEmpty && !log.contains(number), "\(process.role.rawValue)")
            }
            #expect(try await Self.tables(holding: number, system) == [])
            #expect(try await Self.tables(holding: "payer@example.com", system) == [])
            // Both searches find what is there.
            #expect(try await Self.tables(holding: "Test Payee", system).contains("organizations"))
            #expect(Self.holds(Array(#"{"a":"\#(Data(number.utf8).base64EncodedString())"}"#.utf8), number))
            await rail.kill()
            await receiver.stop()
        }
    }

    /// The bodies of a queue's messages, which stay there.
    private static func messages(of queue: String, _ system: TestSystem) async throws -> [[UInt8]] {
        #expect(try await eventually { try await system.depth(of: queue) == 1 })
        return try await system.withAdministration { administration in
            var bodies: [[UInt8]] = []
            while let message = try await administration.get(queue: queue) { bodies.append(message.body) }
            #expect(bodies.count == 1)
            return bodies
        }
    }

    /// Whether the text stands in a message as it is, or in one of its base64 members.
    private static func holds(_ body: [UInt8], _ text: String) -> Bool {
        let whole = String(decoding: body, as: UTF8.self)
        let opened = whole.split(separator: "\"").compactMap { Data(base64Encoded: String($0)) }
            .map { String(decoding: $0, as: UTF8.self) }
        return ([whole] + opened).contains { $0.contains(text) }
    }

    /// The tables of which a row holds the text in any column, written out or as bytes.
    private static func tables(holding text: String, _ system: TestSystem) async throws -> [String] {
        let hex = text.utf8.map { String($0, radix: 16) }.joined()
        var found: [String] = []
        for table in try await tableNames(system) {
            let count = try await system.number(
                "SELECT count(*) FROM \(table) AS t WHERE position($1 IN t::text) > 0 OR position($2 IN t::text) > 0",
                [.text(text), .text(hex)])
            if count > 0 { found.append(table) }
        }
        return found
    }

    private static func tableNames(_ system: TestSystem) async throws -> [String] {
        try await system.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            .map { try $0.text(0) }
    }
}
