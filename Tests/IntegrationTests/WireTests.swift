import Jobs
import PaymentLinks
import RabbitMQ
import Synchronization
import Testing
import TestSupport

/// What travels through the broker, as it travels.
@Suite struct WireTests {
    @Test func `every message on the wire is as asyncapi.yaml describes it`() async throws {
        let settings = ["PAYLINKS_EXPIRY_MAX_SLEEP": "1s"]
        let roles: [TestRole] = [.claimWorker, .settlementWorker, .expiryWorker, .webhookWorker]
        try await TestSystem.run(roles, settings: settings) { system, _ in
            let contract = try AsyncAPIContract.current.get()
            let tap = try await WireTap.open(system)
            try await Self.story(system)
            let isComplete = try await eventually(within: .seconds(30)) {
                tap.kinds.isSuperset(of: Self.kinds)
            }
            await tap.close()
            #expect(isComplete, "missing: \(Self.kinds.subtracting(tap.kinds).sorted())")
            for message in tap.messages {
                let problems = contract.problems(with: message.body, ofType: message.type)
                let text = String(decoding: message.body, as: UTF8.self)
                #expect(problems == [], "\(message.exchange) \(message.routingKey): \(text)")
            }
        }
    }

    /// Every kind of message, by its exchange and routing key; answers to gateways are tested where they are written.
    private static let kinds: Set<String> = [
        "jobs claim", "jobs create", "settlements ach", "settlements usdc", "settlements outcome",
        "events payment_link.created", "events payment_link.claimed", "events payment_link.settled",
        "events payment_link.claim_failed", "events payment_link.cancelled", "events payment_link.expired",
        "events wallet.funded", "events webhook.disabled",
    ]

    /// Makes each of them happen.
    private static func story(_ system: TestSystem) async throws {
        let (payee, payer) = (try await system.makeWallet("Payee"), try await system.makeWallet("Payer"))
        let gone = try await WebhookReceiver.start { _ in .init(410) }
        _ = try await system.makeWebhook(gone.url)
        _ = try await system.api.post("/v1/wallets/\(payer)/fund", #"{"amount":"100.00"}"#)
        let claims = [
            TestSystem.walletClaim(payer), TestSystem.achClaim(), TestSystem.achClaim(account: "1234560001"),
            TestSystem.usdcClaim(), TestSystem.usdcClaim(address: "0x0000000000000000000000000000000000000bad"),
        ]
        for claim in claims {
            let link = try await system.makeLink(
                to: payee, #""description":"Tea","metadata":{"n":1},"recipientRestrictions":{"emails":[]}"#)
            #expect(try await system.api.post(link.claimPath, claim).status == 200)
        }
        let cancelled = try await system.makeLink(to: payee)
        _ = try await system.api.patch("/v1/payment-links/\(cancelled.id)")
        let expiring = try await system.makeLink(to: payee)
        try await system.moveEnd(of: [expiring])
        let isTold = try await eventually { !gone.received.isEmpty }
        await gone.stop()
        #expect(isTold)
    }
}

/// Copies of everything that a system's exchanges are given.
final class WireTap: Sendable {
    private let receiver: RabbitMQReceiver
    private let collected: Collected
    private let prefix: String

    static func open(_ system: TestSystem) async throws -> WireTap {
        let tap = WireTap(system)
        _ = try await eventually { tap.receiver.isReady }
        return tap
    }

    private init(_ system: TestSystem) {
        let queue = Topology.Queue(
            name: system.topology.prefix + "tap", isDurable: false, isExclusive: true, isAutoDelete: true)
        var topology = system.topology.topology
        let bindings = topology.bindings.filter { !$0.exchange.hasSuffix("dead-letters") }
        topology.queues.append(queue)
        topology.bindings += bindings.map {
            .init(queue: queue.name, exchange: $0.exchange, routingKey: $0.routingKey)
        }
        prefix = system.topology.prefix
        let collected = Collected()
        self.collected = collected
        receiver = .start(
            configuration: system.broker, topology: topology, queue: queue.name, logger: TestSystem.logger,
            receive: collected.add)
    }

    var messages: [Delivery] { collected.messages.withLock { $0 } }

    /// What came so far: each exchange and routing key, without the system's prefix.
    var kinds: Set<String> { Set(messages.map { "\($0.exchange.dropFirst(prefix.count)) \($0.routingKey)" }) }

    func close() async {
        await receiver.shutdown()
    }
}

private final class Collected: Sendable {
    let messages = Mutex<[Delivery]>([])

    func add(_ batch: [Delivery]) { messages.withLock { $0 += batch } }
}
