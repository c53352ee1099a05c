import NIOCore
import NIOPosix
import PaymentLinks
import Storage
import Synchronization
import TestSupport
import Testing
import WebhookWorker
import Webhooks

/// The connection goes to the address that was checked, and TLS asks for the name.
@Suite("Endpoint client", .serialized)
struct EndpointClientTests {
    /// Answers each lookup with the next of its addresses, and then with the last for ever.
    private final class NameServer: Sendable {
        private let answers: Mutex<[String]>
        let lookups = Atomic<Int>(0)

        init(_ answers: [String]) {
            self.answers = Mutex(answers)
        }

        func answer() -> [IPAddress] {
            lookups.add(1, ordering: .relaxed)
            return answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first }.flatMap { IPAddress($0) }.map {
                [$0]
            } ?? []
        }
    }

    private static let policy = AddressPolicy(allowsLoopback: true)

    /// - Parameter answerLife: with zero, each attempt looks the name up anew.
    private static func client(
        _ server: NameServer, policy: AddressPolicy = policy, answerLife: TimeAmount = .seconds(30)
    ) throws -> EndpointClient {
        let group = MultiThreadedEventLoopGroup.singleton
        let resolver = GuardedResolver(
            policy: policy, threads: .shared, loop: group.next(), answerLife: answerLife
        ) { _ in server.answer() }
        return EndpointClient(
            resolver: resolver, timeout: .seconds(10), tls: try TestCertificates.trust(), group: group)
    }

    private static func post(_ client: EndpointClient, to host: String, port: Int) async throws -> EndpointAnswer {
        let url = try WebhookURL("https://\(host):\(port)/hook", policy: policy)
        return await client.post([0x7B, 0x7D], headers: [], to: url, standing: .well)
    }

    @Test("A certificate for the endpoint's name is accepted, and none for another's")
    func names() async throws {
        let endpoint = try await SecureEndpoint.start()
        let client = try Self.client(NameServer(["127.0.0.1"]))
        #expect(try await Self.post(client, to: SecureEndpoint.name, port: endpoint.port).isSuccess)
        for name in ["other.example.com", "example.com", "a.hooks.example.com", "127.0.0.1"] {
            let answer = try await Self.post(client, to: name, port: endpoint.port)
            #expect(answer == .failed(.tlsFailed), "\(name)")
        }
        await client.shutdown()
        await endpoint.stop()
    }

    @Test(
        "Whatever the name looks like, the checked address is connected to, and the request tells the name",
        arguments: [
            "hooks.example.com", "HOOKS.Example.COM", "xn--bcher-kva.example.com", "a_b.example.com", "a--b.example",
            "localhost", "1.2.3.4.example.com", "0x7f.1.example.com",
        ])
    func hosts(name: String) async throws {
        let receiver = try await WebhookReceiver.start()
        let client = try Self.client(NameServer(["127.0.0.1"]))
        let target = "/a%2Fb//../c;d=1?x=%20&y='(1)'&z"
        let url = try WebhookURL("http://\(name):\(receiver.port)\(target)", policy: Self.policy)
        #expect(await client.post([0x7B, 0x7D], headers: [], to: url, standing: .well).isSuccess)
        let request = try #require(receiver.received.first)
        #expect(request.header("host") == "\(name.lowercased()):\(receiver.port)")
        #expect(request.target == target)
        #expect(request.body == [0x7B, 0x7D])
        await client.shutdown()
        await receiver.stop()
    }

    @Test("What nobody listens at is a failed connection, and the next of the name's addresses is tried")
    func refused() async throws {
        let receiver = try await WebhookReceiver.start()
        let group = MultiThreadedEventLoopGroup.singleton
        let resolver = GuardedResolver(policy: Self.policy, threads: .shared, loop: group.next()) { name in
            let addresses = ["::1", "127.0.0.2"] + (name.hasPrefix("two") ? [] : ["127.0.0.1"])
            return addresses.compactMap { IPAddress($0) }
        }
        let client = EndpointClient(
            resolver: resolver, timeout: .seconds(10), tls: try TestCertificates.trust(), group: group)
        for (name, answer) in [("two", AttemptFailure.connectionFailed), ("three", nil)] {
            let url = try WebhookURL("http://\(name).example.com:\(receiver.port)/", policy: Self.policy)
            #expect(await client.post([], headers: [], to: url, standing: .well).failure == answer, "\(name)")
        }
        #expect(receiver.received.count == 1)
        await client.shutdown()
        await receiver.stop()
    }

    @Test("An address that does not answer leaves time for the next one; alone it has the whole attempt")
    func silent() async throws {
        let receiver = try await WebhookReceiver.start()
        let silent = try SilentAddress("127.0.0.2", port: receiver.port)
        let group = MultiThreadedEventLoopGroup.singleton
        let resolver = GuardedResolver(policy: Self.policy, threads: .shared, loop: group.next()) { name in
            let addresses = ["127.0.0.2"] + (name.hasPrefix("one") ? [] : ["127.0.0.1"])
            return addresses.compactMap { IPAddress($0) }
        }
        let client = EndpointClient(
            resolver: resolver, timeout: .seconds(3), tls: try TestCertificates.trust(), group: group)
        for (name, answer) in [("one", AttemptFailure.timedOut), ("two", nil)] {
            let url = try WebhookURL("http://\(name).example.com:\(receiver.port)/", policy: Self.policy)
            let start = ContinuousClock.now
            #expect(await client.post([], headers: [], to: url, standing: .well).failure == answer, "\(name)")
            #expect(ContinuousClock.now - start >= .milliseconds(name == "one" ? 2_900 : 900), "it is silent")
        }
        #expect(receiver.received.count == 1)
        await client.shutdown()
        silent.close()
        await receiver.stop()
    }

    @Test("Attempts at once share nothing: each has a connection of its own, and all are answered")
    func atOnce() async throws {
        let endpoint = try await SecureEndpoint.start()
        let client = try Self.client(NameServer(["127.0.0.1"]))
        let answers = try await withThrowingTaskGroup(of: EndpointAnswer.self) { group in
            for _ in 0..<20 {
                group.addTask { try await Self.post(client, to: SecureEndpoint.name, port: endpoint.port) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 20 && answers.allSatisfy(\.isSuccess))
        #expect(endpoint.connections == 20)
        await client.shutdown()
        await endpoint.stop()
    }

    @Test("A name is looked up once for an attempt; a second answer would lead elsewhere, and nobody asks for it")
    func pinned() async throws {
        let first = try await SecureEndpoint.start()
        let second = try await SecureEndpoint.start(at: "127.0.0.2", port: first.port)
        let server = NameServer(["127.0.0.1", "127.0.0.2"])
        let client = try Self.client(server)
        let answer = try await Self.post(client, to: SecureEndpoint.name, port: first.port)
        #expect(answer.isSuccess)
        #expect(server.lookups.load(ordering: .relaxed) == 1)
        #expect(first.connections == 1 && second.connections == 0)
        await client.shutdown()
        await first.stop()
        await second.stop()
    }

    @Test("An address that becomes a private one between two attempts is connected to only while it was allowed")
    func rebound() async throws {
        let endpoint = try await SecureEndpoint.start()
        let server = NameServer(["127.0.0.1", "10.0.0.1"])
        let client = try Self.client(server, answerLife: .zero)
        #expect(try await Self.post(client, to: SecureEndpoint.name, port: endpoint.port).isSuccess)
        let answer = try await Self.post(client, to: SecureEndpoint.name, port: endpoint.port)
        #expect(answer == .failed(.addressNotAllowed))
        #expect(endpoint.connections == 1)
        await client.shutdown()
        await endpoint.stop()
    }

    @Test("An address that changes between two attempts is followed to where it leads")
    func moved() async throws {
        let first = try await SecureEndpoint.start()
        let second = try await SecureEndpoint.start(at: "127.0.0.2", port: first.port)
        let client = try Self.client(NameServer(["127.0.0.1", "127.0.0.2"]), answerLife: .zero)
        for _ in 1...2 {
            #expect(try await Self.post(client, to: SecureEndpoint.name, port: first.port).isSuccess)
        }
        #expect(first.connections == 1 && second.connections == 1)
        await client.shutdown()
        await first.stop()
        await second.stop()
    }

    @Test("Each attempt has the answer of its moment checked, and nothing inside is connected to")
    func rebinding() async throws {
        let inside = try await SecureEndpoint.start()
        let server = NameServer(["192.0.2.1", "127.0.0.1"])
        let strict = AddressPolicy(allowsLoopback: false)
        let client = try Self.client(server, policy: strict, answerLife: .zero)
        for _ in 1...2 {
            let answer = try await Self.post(client, to: SecureEndpoint.name, port: inside.port)
            #expect(answer == .failed(.addressNotAllowed))
        }
        #expect(server.lookups.load(ordering: .relaxed) == 2)
        #expect(inside.connections == 0)
        await client.shutdown()
        await inside.stop()
    }
}
