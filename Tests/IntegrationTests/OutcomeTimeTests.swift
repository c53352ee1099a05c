import Jobs
import PaymentLinks
import RabbitMQ
import Storage
import TestSupport
import Testing

/// A rail's outcome counts whatever RFC 3339 time it bears, or none.
@Suite struct OutcomeTimeTests {
    private static let times = [
        #""2026-04-01T00:00:00.12345678901234567890Z""#, #""2026-12-31T23:59:60Z""#, #""2026-04-01t00:00:00.5z""#,
        #""2026-04-01T02:00:00+02:00""#, "null",
    ]

    @Test func `every claim settles and nothing becomes a dead letter`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            for time in Self.times {
                let link = try await system.makeLink(to: wallet)
                let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
                let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
                var message = RedeliveryTests.outcome(.settled, of: id, system)
                let body = #"{"version":1,"settlementId":"\#(id)","outcome":"settled","occurredAt":\#(time)}"#
                message.body = Array(body.utf8)
                try await system.publish([message])
            }
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == Self.times.count
            }
            #expect(settled)
            #expect(try await system.isDrained([system.topology.outcomeQueue]))
        }
    }
}
