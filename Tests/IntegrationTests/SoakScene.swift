import PaymentLinks
import Synchronization
import TestSupport

/// Everything that callers send, good and bad, each request a little different from the last.
final class SoakScene: Sendable {
    private typealias Kind = @Sendable (SoakScene, Int) async throws -> [Int]

    private let system: TestSystem
    private let payer: WalletID
    private let payee: WalletID
    private let counts = Mutex<[Int: Int]>([:])

    init(_ system: TestSystem) async throws {
        self.system = system
        payer = try await system.makeWallet("Payer", funds: 900_000_000)
        payee = try await system.makeWallet("Payee")
    }

    /// How often each status was answered.
    var statuses: [Int: Int] { counts.withLock(\.self) }

    /// Sends the request of this number.
    func send(_ number: Int) async throws {
        let statuses = try await Self.kinds[number % Self.kinds.count](self, number)
        counts.withLock { counts in
            for status in statuses { counts[status, default: 0] += 1 }
        }
    }

    private func creation(_ number: Int) -> String {
        BatchTests.creation(payee, #""metadata":{"number":\#(number)}"#)
    }

    private func claim(_ number: Int) async throws -> [Int] {
        let link = try await system.api.post("/v1/payment-links", creation(number))
        guard let slug = link.json["slug"].string else { return [link.status] }
        let path = "/v1/payment-links/claim/\(slug)/claim"
        return [link.status, try await system.api.post(path, TestSystem.walletClaim(payer)).status]
    }

    private func batch(_ number: Int) async throws -> [Int] {
        let lines = (0..<5).map { creation(number + $0) } + ["{", "{}", "x", "[]", #"{"walletId":1}"#]
        return try await system.api.batch("/v1/payment-links/batch", lines).lines.map(\.status)
    }

    /// Says something and hangs up, whatever comes of it.
    private func hangUp(after text: String) async throws -> [Int] {
        let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
        try? await socket.write(text)
        await socket.close()
        return []
    }

    private static let kinds: [Kind] = [
        { [try await $0.system.api.post("/v1/payment-links", $0.creation($1)).status] },
        { try await $0.claim($1) },
        { scene, _ in [try await scene.system.api.get("/v1/payment-links?limit=5").status] },
        { scene, _ in [try await scene.system.api.get("/v1/wallets/\(scene.payer)/balance").status] },
        { scene, number in
            let slug = String("00000000000000000000\(number)".suffix(20))
            return [try await scene.system.api.with(key: nil).get("/v1/payment-links/claim/\(slug)").status]
        },
        { [try await $0.system.api.post("/v1/payment-links", "{\"number\":\($1)").status] },
        { [try await $0.system.api.with(key: "wg_test_nobody\($1)").get("/v1/wallets").status] },
        { [try await $0.system.api.send("X\($1)", "/v1/nothing/\($1)").status] },
        { scene, _ in
            [try await scene.system.api.post("/v1/wallets", String(repeating: " ", count: 65_537)).status]
        },
        { [try await $0.system.api.post("/v1/wallets", "\($1)", headers: ["content-type": "text/plain"]).status] },
        {
            [
                try await $0.system.api.post(
                    "/v1/payment-links", $0.creation($1), headers: ["idempotency-key": "\($1)"]
                ).status
            ]
        },
        {
            [
                try await $0.system.api.post("/v1/payment-links", $0.creation($1), headers: ["prefer": "respond-async"])
                    .status
            ]
        },
        { try await $0.batch($1) },
        { scene, _ in
            try await scene.hangUp(after: "POST /v1/wallets HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{")
        },
        { try await $0.hangUp(after: "noise \($1)\r\n\r\n") },
        { [try await $0.system.api.post("/v1/wallets", #"{"name":\#($1)}"#).status] },
    ]
}
