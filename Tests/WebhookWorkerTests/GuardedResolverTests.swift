import Glibc
import NIOCore
import NIOPosix
import PaymentLinks
import Storage
import Synchronization
import Testing
import WebhookWorker
import Webhooks

@Suite("Guarded resolver")
struct GuardedResolverTests {
    /// Answers each lookup with the next of a name server's answers, and counts them.
    private final class NameServer: Sendable {
        private let answers: Mutex<[[String]]>
        let lookups = Atomic<Int>(0)

        init(_ answers: [[String]]) {
            self.answers = Mutex(answers)
        }

        func answer() -> [IPAddress] {
            lookups.add(1, ordering: .relaxed)
            return answers.withLock { $0.isEmpty ? [] : $0.removeFirst() }.compactMap { IPAddress($0) }
        }
    }

    private func resolver(_ server: NameServer, allowsLoopback: Bool = false) -> GuardedResolver {
        GuardedResolver(
            policy: AddressPolicy(allowsLoopback: allowsLoopback), threads: .shared,
            loop: MultiThreadedEventLoopGroup.singleton.next()
        ) { _ in server.answer() }
    }

    private func addresses(_ resolver: GuardedResolver) async throws(AttemptFailure) -> [IPAddress] {
        try await resolver.addresses(of: .name("hooks.example.com"), standing: .well, by: .now() + .seconds(5))
    }

    @Test("Public answers pass, in their order")
    func passes() async throws {
        let server = NameServer([["8.8.8.8", "2606:4700::1111"]])
        #expect(try await addresses(resolver(server)).map(\.description) == ["8.8.8.8", "2606:4700::1111"])
    }

    @Test(
        "One forbidden address condemns the name, wherever it stands among the answers",
        arguments: [
            ["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["169.254.169.254", "8.8.8.8"], ["::ffff:192.168.0.1"],
            ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["8.8.8.8", "1.1.1.1", "fd00:ec2::254"],
        ])
    func condemned(answers: [String]) async {
        let resolver = resolver(NameServer([answers]))
        await #expect(throws: AttemptFailure.addressNotAllowed) { try await addresses(resolver) }
    }

    @Test("An answer is used again for a while, without another lookup")
    func cached() async throws {
        let server = NameServer([["8.8.8.8"], ["127.0.0.1"]])
        let resolver = resolver(server)
        #expect(try await addresses(resolver).map(\.description) == ["8.8.8.8"])
        #expect(try await addresses(resolver).map(\.description) == ["8.8.8.8"])
        #expect(server.lookups.load(ordering: .relaxed) == 1, "the checked answer is used, not another")
    }

    @Test("What the next lookup says is checked anew", arguments: ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
    func rebinding(inside: String) async throws {
        let resolver = GuardedResolver(
            policy: AddressPolicy(allowsLoopback: false), threads: .shared,
            loop: MultiThreadedEventLoopGroup.singleton.next(), answerLife: .zero,
            lookup: { [server = NameServer([["8.8.8.8"], [inside]])] _ in server.answer() })
        #expect(try await addresses(resolver).map(\.description) == ["8.8.8.8"])
        await #expect(throws: AttemptFailure.addressNotAllowed) { try await addresses(resolver) }
    }

    @Test("An address in the URL is judged like an answer")
    func literals() async throws {
        let resolver = resolver(NameServer([]))
        let metadata = try #require(IPAddress("169.254.169.254"))
        await #expect(throws: AttemptFailure.addressNotAllowed) {
            try await resolver.addresses(of: .address(metadata), standing: .well, by: .now() + .seconds(5))
        }
    }

    @Test("A name without addresses is not found")
    func unknown() async {
        let resolver = resolver(NameServer([[]]))
        await #expect(throws: AttemptFailure.nameNotFound) { try await addresses(resolver) }
    }

    @Test("A name server that does not answer is waited for no longer than the attempt may take")
    func slow() async {
        let resolver = GuardedResolver(
            policy: AddressPolicy(allowsLoopback: false), threads: .shared,
            loop: MultiThreadedEventLoopGroup.singleton.next()
        ) { _ in
            usleep(1_000_000)
            return []
        }
        await #expect(throws: AttemptFailure.timedOut) {
            try await resolver.addresses(
                of: .name("slow.example.com"), standing: .failing, by: .now() + .milliseconds(50))
        }
    }
}
