import APIGateway
import PaymentLinks
import Sealing
import Storage
import Synchronization
import Testing

@Suite("Keys, addresses and rates")
struct AccessTests {
    private let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private func key(
        _ grant: KeyGrant = KeyGrant(permissions: []), revokedAt: Timestamp? = nil
    ) -> APIKey {
        APIKey(
            id: .mint(at: now), organizationId: .mint(at: now), environment: .sandbox, name: "k",
            prefix: "wg_test_abcd",
            grant: grant, revokedAt: revokedAt, createdAt: now)
    }

    @Test func `A key counts until it is revoked or expires`() {
        let later = now.advanced(by: .seconds(1))
        #expect(key().refusal(at: now, from: nil) == nil)
        #expect(key(revokedAt: now).refusal(at: now, from: nil)?.code == .apiKeyRevoked)
        let short = key(KeyGrant(permissions: [], expiresAt: later))
        #expect(short.refusal(at: now, from: nil) == nil)
        #expect(short.refusal(at: later, from: nil)?.code == .unauthorized)
    }

    @Test(
        arguments: [("192.0.2.7", true), ("192.0.3.7", false), ("2001:db8::1", true), (nil, false)] as [(String?, Bool)]
    )
    func `A key counts from its addresses only`(_ address: String?, _ isAllowed: Bool) throws {
        let ranges = try [#require(AddressRange("192.0.2.0/24")), #require(AddressRange("2001:db8::1"))]
        let refusal = key(KeyGrant(permissions: [], allowedIps: ranges))
            .refusal(at: now, from: address.flatMap { IPAddress($0) })
        #expect(refusal?.code == (isAllowed ? nil : .ipNotAllowed))
    }

    @Test func `A key without payments:write spends from no wallet`() {
        #expect(key(KeyGrant(permissions: [.paymentsRead, .walletsWrite])).authority == nil)
        #expect(key(KeyGrant(permissions: [.paymentsWrite])).authority?.walletScope == .some(nil))
    }

    @Test func `No key grants more than it has`() throws {
        let wallet = WalletID.mint(at: now)
        let block = try #require(AddressRange("10.0.0.0/8"))
        let inside = try #require(AddressRange("10.1.2.3"))
        let full = KeyGrant(
            permissions: [.keysWrite, .paymentsRead], walletScope: [wallet], allowedIps: [block], expiresAt: now,
            rateLimit: 50)
        #expect(full.covers(full, defaultRate: 100))
        #expect(KeyGrant(permissions: [.keysWrite, .paymentsRead]).covers(full, defaultRate: 100))
        let more: [(inout KeyGrant) -> Void] = [
            { $0.permissions.insert(.paymentsWrite) }, { $0.walletScope = nil },
            { $0.walletScope?.append(.mint(at: now)) },
            { $0.allowedIps = nil }, { $0.allowedIps = [AddressRange("11.0.0.1")].compactMap { $0 } },
            { $0.expiresAt = nil }, { $0.expiresAt = now.advanced(by: .seconds(1)) }, { $0.rateLimit = 51 },
            { $0.rateLimit = nil },
        ]
        for change in more {
            var wider = full
            change(&wider)
            #expect(!full.covers(wider, defaultRate: 100))
        }
        var narrower = full
        narrower.permissions = []
        narrower.rateLimit = 1
        narrower.allowedIps = [inside]
        #expect(full.covers(narrower, defaultRate: 100))
    }

    @Test func `What a new key does not ask for it takes over`() throws {
        let own = key(KeyGrant(permissions: [.keysWrite], walletScope: [.mint(at: now)], expiresAt: now))
        let body = try KeyBody(JSONValue.object(from: Array(#"{"name":"n","permissions":[]}"#.utf8)), at: now)
        #expect(own.grant.covers(own.child(body, prefix: "p", at: now).grant, defaultRate: 100))
    }

    @Test(arguments: [Environment.sandbox, .production])
    func `A new key looks like one and holds enough chance`(_ environment: Environment) {
        var generator = SystemRandomNumberGenerator()
        let secret = APISecret.mint(environment, using: &generator)
        #expect(secret.text.hasPrefix(environment == .sandbox ? "wg_test_" : "wg_live_"))
        #expect(secret.text.count == 41 && secret.prefix == String(secret.text.prefix(12)))
        #expect(APISecret(secret.text) != nil)
        #expect(APISecret.mint(environment, using: &generator).text != secret.text)
    }

    @Test(
        arguments: [("Bearer x", "x"), ("bearer x y", "x y"), ("Basic x", nil), ("Bearer", nil), ("", nil)]
            as [(String, String?)])
    func `Only Bearer tokens are read`(_ field: String, _ token: String?) {
        #expect(APISecret.bearer(field) == token)
    }

    @Test(
        arguments: [
            ("192.0.2.1", ["1.1.1.1"], "192.0.2.1"), ("10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
            ("10.0.0.1", ["6.6.6.6, 1.1.1.1"], "1.1.1.1"), ("10.0.0.1", ["6.6.6.6", "1.1.1.1,10.0.0.2"], "1.1.1.1"),
            ("10.0.0.1", [], "10.0.0.1"), ("10.0.0.1", ["x"], "10.0.0.1"),
            ("10.0.0.1", ["1.1.1.1, x, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", ["10.0.0.9"], "10.0.0.9"),
        ] as [(String, [String], String)])
    func `Only what trusted proxies say of the client is believed`(_ peer: String, _ fields: [String], _ client: String)
        throws
    {
        let finder = ClientAddress(trustedProxies: [try #require(AddressRange("10.0.0.0/8"))])
        #expect(finder.find(peer: IPAddress(peer), forwardedFor: fields)?.description == client)
    }

    @Test func `A key is looked up once in its time, an unknown one too`() async throws {
        let lookups = Mutex(0)
        let known = key()
        let directory = KeyDirectory(timeToLive: .seconds(5)) { (_: [UInt8]) async throws(StorageError) in
            lookups.withLock { $0 += 1 }
            return known
        }
        let secret = try #require(APISecret("wg_test_x"))
        let start = ContinuousClock.now
        for _ in 0..<3 { #expect(try await directory.key(secret, at: start)?.id == known.id) }
        #expect(lookups.withLock { $0 } == 1)
        _ = try await directory.key(secret, at: start + .seconds(5))
        #expect(lookups.withLock { $0 } == 2)
    }

    @Test func `A key that is forgotten is looked up anew, and no lookup from before brings it back`() async throws {
        let known = key()
        let lookups = Mutex(0)
        let gate = AsyncStream<Void>.makeStream()
        let directory = KeyDirectory(timeToLive: .seconds(5)) { (_: [UInt8]) async throws(StorageError) in
            if lookups.withLock({
                $0 += 1; return $0
            }) == 2 {
                for await _ in gate.stream { break }
            }
            return known
        }
        let secret = try #require(APISecret("wg_test_x"))
        _ = try await directory.key(secret)
        directory.forget([.mint(at: .now())])
        #expect(directory.remembered(secret) != nil)
        directory.forget([known.id])
        #expect(directory.remembered(secret) == nil)
        async let slow = directory.key(secret)
        while lookups.withLock({ $0 }) < 2 { await Task.yield() }
        directory.forget([known.id])
        gate.continuation.yield()
        #expect(try await slow?.id == known.id)
        #expect(directory.remembered(secret) == nil)
    }

    @Test func `The directory of keys stays within its bound`() async throws {
        let directory = KeyDirectory(timeToLive: .seconds(5), limit: 8) { (_: [UInt8]) async throws(StorageError) in nil
        }
        for number in 0..<50 {
            #expect(try await directory.key(#require(APISecret("wg_test_\(number)"))) == nil)
            #expect(directory.count <= 8)
        }
    }

    @Test func `Whoever tries many keys displaces none that counts`() async throws {
        let (known, secret) = (key(), try #require(APISecret("wg_test_known")))
        let directory = KeyDirectory(timeToLive: .seconds(5), limit: 8) {
            (digest: [UInt8]) async throws(StorageError) in
            digest == secret.digest ? known : nil
        }
        _ = try await directory.key(secret)
        for number in 0..<50 { _ = try await directory.key(#require(APISecret("wg_test_\(number)"))) }
        #expect(directory.remembered(secret)??.id == known.id)
    }
}
