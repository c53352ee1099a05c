import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Deliveries whose endpoint is gone", .serialized)
struct AbandonedDeliveryTests {
    private static let many = 20_000

    /// Ends what waits in steps of 5,000, and returns how many each step ended, down to the first that ended none.
    private static func sweep(_ scene: WebhookScene) async throws -> [Int] {
        var steps: [Int] = []
        repeat {
            steps.append(try await scene.pruner.endAbandoned(limit: 5_000))
        } while steps.last != 0
        return steps
    }

    @Test("An endpoint that is gone is disabled at once, however much waits for it; that fails in bounded steps")
    func disabled() async throws {
        try await WebhookScene.run { scene in
            try await scene.makeDeliveries(Self.many)
            let first = try #require(try await scene.deliveryIds().first)
            let changed = try await scene.changedDeliveries { () async throws in
                #expect(
                    try await scene.attempts.record([scene.attempt(first, isGone: true)]).disabled == [scene.webhook])
            }
            #expect(changed == 1)
            #expect(try await DueDeliveryStore(pool: scene.database.pool).visit(after: nil, limit: 10).due.isEmpty)
            #expect(try await scene.count(.pending) == Self.many)
            #expect(try await Self.sweep(scene) == [5_000, 5_000, 5_000, 5_000, 0])
            #expect(try await scene.count(.failed) == Self.many)
            #expect(try await scene.deliveries.listDead(scene.owner, .init(limit: 10, after: nil)).items.count == 10)
        }
    }

    @Test("An endpoint is deleted at once, however much waits for it; that is discarded in bounded steps, tests too")
    func deleted() async throws {
        try await WebhookScene.run { scene in
            try await scene.makeDeliveries(Self.many)
            try await scene.makeDeliveries(1, body: "{}")
            let changed = try await scene.changedDeliveries { () async throws in
                #expect(try await scene.webhooks.delete(scene.webhook, owner: scene.owner))
            }
            #expect(changed == 0)
            #expect(try await DueDeliveryStore(pool: scene.database.pool).visit(after: nil, limit: 10).due.isEmpty)
            #expect(try await Self.sweep(scene) == [5_000, 5_000, 5_000, 5_000, 1, 0])
            #expect(try await scene.count(.discarded) == Self.many + 1)
        }
    }

    @Test("A delivery that was written while its endpoint was being deleted is discarded, and pruned")
    func lateDelivery() async throws {
        try await WebhookScene.run { scene in
            #expect(try await scene.webhooks.delete(scene.webhook, owner: scene.owner))
            #expect(try await Self.sweep(scene) == [0])
            try await scene.makeDeliveries(1)
            #expect(try await Self.sweep(scene) == [1, 0])
            #expect(try await scene.pruner.pruneDeliveries(olderThan: .zero, limit: 10) == 1)
            #expect(try await scene.deliveryIds().isEmpty)
        }
    }

    @Test("What waits for an endpoint that its owner has switched off goes on waiting, and tests of a disabled one do")
    func switchedOff() async throws {
        try await WebhookScene.run { scene in
            try await scene.makeDeliveries(1)
            _ = try await scene.webhooks.update(scene.webhook, owner: scene.owner, WebhookChanges(isEnabled: false))
            #expect(try await Self.sweep(scene) == [0])
            try await scene.makeDeliveries(1, body: "{}")
            try await scene.database.execute("UPDATE webhooks SET disabled_reason = 'FAILING'")
            #expect(try await Self.sweep(scene) == [1, 0])
            #expect(try await scene.count(.pending) == 1)
        }
    }

    @Test("An endpoint that is enabled before all of it has ended gets the rest")
    func enabledAgain() async throws {
        try await WebhookScene.run { scene in
            try await scene.makeDeliveries(10)
            try await scene.database.execute("UPDATE webhooks SET enabled = false, disabled_reason = 'FAILING'")
            #expect(try await scene.pruner.endAbandoned(limit: 4) == 4)
            _ = try await scene.webhooks.update(scene.webhook, owner: scene.owner, WebhookChanges(isEnabled: true))
            #expect(try await Self.sweep(scene) == [0])
            #expect(try await scene.count(.pending) == 6)
            let visit = try await DueDeliveryStore(pool: scene.database.pool).visit(after: nil, limit: 10)
            #expect(visit.due.map(\.id) == [scene.webhook])
        }
    }

    @Test("An endpoint that is being enabled at this moment is passed over, and nobody waits")
    func beingEnabled() async throws {
        try await WebhookScene.run(connections: 2) { scene in
            try await scene.makeDeliveries(1)
            try await scene.database.execute("UPDATE webhooks SET enabled = false, disabled_reason = 'FAILING'")
            try await scene.database.pool.withTransaction { transaction in
                _ = try await transaction.run([
                    Query(Statement("enable", "UPDATE webhooks SET enabled = true, disabled_reason = NULL"))
                ])
                #expect(try await scene.pruner.endAbandoned(limit: 10) == 0)
                _ = try await transaction.commit()
            }
            #expect(try await scene.pruner.endAbandoned(limit: 10) == 0)
            #expect(try await scene.count(.pending) == 1)
        }
    }
}
