import NIOCore
import NIOPosix
import NIOSSL
import PaymentLinks
import Synchronization
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
            policy: policy, threads: .singleton, doubtfulThreads: .singleton, loop: group.next(),
            answerLife: answerLife
        ) { _ in server.answer() }
        return EndpointClient(resolver: resolver, timeout: .seconds(10), tls: try SecureEndpoint.trust(), group: group)
    }

    private static func post(_ client: EndpointClient, to host: String, port: Int) async throws -> EndpointAnswer {
        let url = try WebhookURL("https://\(host):\(port)/hook", policy: policy)
        return await client.post([0x7B, 0x7D], headers: [], to: url, isDoubtful: false)
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
        await endpoint.stop()
    }

    @Test("A name is looked up once for an attempt; a second answer would lead elsewhere, and nobody asks for it")
    func pinned() async throws {
        let first = try await SecureEndpoint.start()
        let second = try await SecureEndpoint.start(at: "127.0.0.2", port: first.port)
        let server = NameServer(["127.0.0.1", "127.0.0.2"])
        let answer = try await Self.post(try Self.client(server), to: SecureEndpoint.name, port: first.port)
        #expect(answer.isSuccess)
        #expect(server.lookups.load(ordering: .relaxed) == 1)
        #expect(first.connections == 1 && second.connections == 0)
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
        await inside.stop()
    }
}
