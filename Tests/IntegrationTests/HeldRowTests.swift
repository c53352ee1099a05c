import Jobs
import PaymentLinks
import Postgres
import TestSupport
import Testing

/// Workers and the gateway while another session holds rows that some of their work needs.
@Suite(.timeLimit(.minutes(5))) struct HeldRowTests {
    enum Row: CaseIterable {
        case link, payerWallet, payeeWallet
    }

    private static let postponed = "paylinks_jobs_postponed_total"

    /// Runs `body` while another session has locked the row.
    private static func holding(
        _ table: String, _ id: UInt128, in system: TestSystem, _ body: () async throws -> Void
    ) async throws {
        try await system.pool.withTransaction { transaction in
            let lock = Statement("hold_\(table)", "SELECT id FROM \(table) WHERE id = $1 FOR UPDATE")
            #expect(try await transaction.run([Query(lock, [.uuid(id)])])[0].rows.count == 1)
            try await body()
            _ = try await transaction.commit()
        }
    }

    private static func claim(
        _ link: TestSystem.Link, from payer: WalletID, _ system: TestSystem, waits: Bool = true
    ) async throws -> API.Answer {
        let headers = waits ? ["prefer": "wait=30"] : ["prefer": "respond-async"]
        return try await system.api.post(link.claimPath, TestSystem.walletClaim(payer), headers: headers)
    }

    private static func status(
        _ claim: API.Answer, _ link: TestSystem.Link, _ system: TestSystem, wait seconds: Int = 0
    ) async throws -> String? {
        let path = "\(link.claimPath)s/\(claim.json["claimId"].string ?? "")"
        return try await system.api.get(path, headers: ["prefer": "wait=\(seconds)"]).json["status"].string
    }

    @Test(arguments: Row.allCases)
    func `claims that need no held row are decided, and the others once it is free, exactly once`(
        _ row: Row
    ) async throws {
        try await TestSystem.run([.claimWorker]) { system, roles in
            let (payer, other) = (
                try await system.makeWallet(funds: 100_000), try await system.makeWallet(funds: 100_000)
            )
            let (payee, free) = (try await system.makeWallet(), try await system.makeWallet())
            let blocked = try await system.makeLink(to: payee)
            let held: (String, UInt128) =
                switch row {
                case .link: ("payment_links", try #require(LinkID(blocked.id)).bits)
                case .payerWallet: ("wallets", payer.bits)
                case .payeeWallet: ("wallets", payee.bits)
                }
            var waiting: API.Answer?
            try await Self.holding(held.0, held.1, in: system) { () async throws in
                waiting = try await Self.claim(blocked, from: payer, system, waits: false)
                #expect(waiting?.status == 202)
                for _ in 0..<20 {
                    let link = try await system.makeLink(to: free)
                    let claim = try await Self.claim(link, from: other, system)
                    #expect(claim.status == 200 && claim.json["status"].string == "SETTLED", "\(claim.text)")
                }
                #expect(
                    try await eventually { try await roles[0].metric(Self.postponed + #"{kind="claim"}"#) ?? 0 > 0 })
                #expect(try await Self.status(try #require(waiting), blocked, system) == "PROCESSING")
            }
            #expect(try await Self.status(try #require(waiting), blocked, system, wait: 30) == "SETTLED")
            #expect(try await system.balance(of: payee).available == "10.00")
            #expect(try await system.isDrained())
            #expect(try await system.depth(of: system.topology.deadQueue(of: system.topology.claimQueue)) == 0)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a claim that waits for a held row survives its worker, and is paid once`() async throws {
        try await TestSystem.run([.claimWorker]) { system, roles in
            let (payer, payee) = (try await system.makeWallet(funds: 100_000), try await system.makeWallet())
            let link = try await system.makeLink(to: payee)
            var waiting: API.Answer?
            try await Self.holding("wallets", payer.bits, in: system) { () async throws in
                waiting = try await Self.claim(link, from: payer, system, waits: false)
                #expect(
                    try await eventually { try await roles[0].metric(Self.postponed + #"{kind="claim"}"#) ?? 0 > 1 })
                await roles[0].kill()
                _ = try await system.start(.claimWorker)
            }
            #expect(try await Self.status(try #require(waiting), link, system, wait: 30) == "SETTLED")
            #expect(try await system.isDrained())
            #expect(try await system.balance(of: payee).available == "10.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `outcomes that need no held row are applied, and the others once it is free`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payee, free) = (try await system.makeWallet(), try await system.makeWallet())
            let links = [try await system.makeLink(to: payee), try await system.makeLink(to: free)]
            var claims: [API.Answer] = []
            for link in links { claims.append(try await system.api.post(link.claimPath, TestSystem.achClaim())) }
            try await Self.holding("wallets", payee.bits, in: system) { () async throws in
                let worker = try await system.start(.settlementWorker)
                let isSettled = try await eventually(within: .seconds(30)) {
                    try await Self.status(claims[1], links[1], system) == "SETTLED"
                }
                #expect(isSettled)
                #expect(try await Self.status(claims[0], links[0], system) == "PENDING")
                await worker.kill()
            }
            let isSettled = try await eventually(within: .seconds(30)) {
                try await Self.status(claims[0], links[0], system) == "SETTLED"
            }
            #expect(isSettled)
            #expect(try await system.balance(of: payee).available == "10.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `links for other wallets are created while one wallet is held`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payee, free) = (try await system.makeWallet(), try await system.makeWallet())
            var path = ""
            try await Self.holding("wallets", payee.bits, in: system) { () async throws in
                let body = #"{"walletId":"\#(payee)","amount":"1.00"}"#
                let waiting = try await system.api.post(
                    "/v1/payment-links", body, headers: ["prefer": "respond-async"])
                #expect(waiting.status == 202, "\(waiting.text)")
                path = try #require(waiting.header("location"))
                for _ in 0..<5 { _ = try await system.makeLink(to: free) }
            }
            let created = try await eventually(within: .seconds(30)) { try await system.api.get(path).status == 200 }
            #expect(created)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a change of a held link gets 503 with nothing done, and other requests are answered`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let path = "/v1/payment-links/\(link.id)"
            let id = try #require(LinkID(link.id)).bits
            try await Self.holding("payment_links", id, in: system) { () async throws in
                await withThrowingTaskGroup(of: API.Answer.self) { group in
                    for _ in 0..<8 {
                        group.addTask { try await system.api.patch(path, #"{"description":"changed"}"#) }
                    }
                    group.addTask { try await system.api.get("/v1/payment-links") }
                    while let answer = try? await group.next() {
                        if answer.status == 200 { continue }
                        #expect(answer.errorCode == "DATABASE_UNAVAILABLE" && answer.status == 503, "\(answer.text)")
                        #expect(answer.header("retry-after") != nil)
                    }
                }
            }
            #expect(try await system.api.get(path).json["description"] == .null)
            #expect(try await system.api.patch(path, #"{"description":"changed"}"#).status == 200)
        }
    }
}
