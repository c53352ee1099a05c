import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Changing API keys", .serialized)
struct KeyAdministrationTests {
    private struct Scene: Sendable {
        let database: TestDatabase
        let organization: OrganizationID
        let root: APIKey
        var keys: KeyAdministration { KeyAdministration(pool: database.pool) }

        static func key(_ organization: OrganizationID, _ creator: KeyID? = nil) -> APIKey {
            APIKey(
                id: .mint(at: .now()), organizationId: organization, environment: .sandbox, name: "Key",
                prefix: "wg_test_",
                grant: KeyGrant(permissions: [.keysWrite]), createdBy: creator, revokedAt: nil, createdAt: .now())
        }

        /// Creates a key on behalf of another that is in use.
        func create(by creator: KeyID, limit: Int = 100) async throws -> KeyAdministration.Outcome<APIKey> {
            try await keys.create(
                by: creator, of: organization, secretDigest: Fixture.digest().bytes, limit: limit
            ) { own in
                own.revokedAt == nil
                    ? .success(Self.key(own.organizationId, own.id))
                    : .failure(Refusal(code: .apiKeyRevoked, message: "revoked"))
            }
        }

        func made(by creator: KeyID) async throws -> APIKey {
            guard case .done(let key) = try await create(by: creator) else { throw Unexpected("a key was expected") }
            return key
        }

        func revoke(_ id: KeyID, cascades: Bool) async throws -> [KeyID]? {
            let outcome = try await keys.revoke(id, by: .commandLine, of: organization, cascades: cascades) { _, _ in
                nil
            }
            if case .done(let ids) = outcome { return ids }
            return nil
        }

        var revoked: Int {
            get async throws { try await database.number("SELECT count(*) FROM api_keys WHERE revoked_at IS NOT NULL") }
        }
    }

    private static func run(_ body: (Scene) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 8) { (database) async throws in
            let fixture = try await Fixture(database)
            let root = Scene.key(fixture.organization)
            try await APIKeyStore(pool: database.pool).insert(root, secretDigest: Fixture.digest().bytes)
            try await body(Scene(database: database, organization: fixture.organization, root: root))
        }
    }

    @Test("A cascade revokes a key and all that descend from it, and nothing else")
    func cascade() async throws {
        try await Self.run { (scene) async throws in
            let child = try await scene.made(by: scene.root.id)
            let grandchild = try await scene.made(by: child.id)
            let other = try await scene.made(by: scene.root.id)
            #expect(child.createdBy == scene.root.id && grandchild.createdBy == child.id)
            #expect(try await scene.revoke(child.id, cascades: true).map(Set.init) == [child.id, grandchild.id])
            #expect(try await scene.revoked == 2)
            let found = try await APIKeyStore(pool: scene.database.pool).find(
                other.id, organization: scene.organization)
            #expect(found?.revokedAt == nil && found?.createdBy == scene.root.id)
            #expect(try await scene.revoke(.mint(at: .now()), cascades: true) == nil)
        }
    }

    @Test("Without a cascade, a key's descendants stay")
    func alone() async throws {
        try await Self.run { (scene) async throws in
            let child = try await scene.made(by: scene.root.id)
            #expect(try await scene.revoke(scene.root.id, cascades: false) == [scene.root.id])
            #expect(try await scene.revoked == 1)
            _ = try await scene.made(by: child.id)
        }
    }

    @Test("Keys that are created while their creator is revoked in cascade are revoked too, or not created")
    func race() async throws {
        try await Self.run { (scene) async throws in
            let parent = try await scene.made(by: scene.root.id)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<12 { group.addTask { _ = try await scene.create(by: parent.id) } }
                group.addTask { _ = try await scene.revoke(parent.id, cascades: true) }
                try await group.waitForAll()
            }
            let alive = "SELECT count(*) FROM api_keys WHERE created_by = $1 AND revoked_at IS NULL"
            #expect(try await scene.database.number(alive, [.uuid(parent.id.bits)]) == 0)
        }
    }

    @Test("An organization has no more keys than its bound, however many ask at once; ended ones do not count")
    func bound() async throws {
        try await Self.run { (scene) async throws in
            func create() async throws -> [String] {
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            switch try await scene.create(by: scene.root.id, limit: 4) {
                            case .done: "done"
                            case .tooMany: "too many"
                            case .refused, .notFound: "other"
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(try await create().count { $0 == "done" } == 3, "beside the first")
            try await scene.database.execute(
                "UPDATE api_keys SET expires_at = now() WHERE id <> $1", [.uuid(scene.root.id.bits)])
            #expect(try await create().count { $0 == "done" } == 3)
            #expect(Set(try await create()) == ["too many"])
        }
    }

    @Test("A revoked key is found revoked by the transaction that would use it")
    func revokedCreator() async throws {
        try await Self.run { (scene) async throws in
            _ = try await scene.revoke(scene.root.id, cascades: false)
            guard case .refused(let refusal) = try await scene.create(by: scene.root.id) else {
                throw Unexpected("a refusal was expected")
            }
            #expect(refusal.code == .apiKeyRevoked)
        }
    }
}
