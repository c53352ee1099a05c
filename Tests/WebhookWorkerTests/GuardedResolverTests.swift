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

    private final class Askers: Sendable {
        let count = Atomic<Int>(0)
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

    /// The first lookup is answered, the second not before the test lets it.
    private func slowServer(_ answers: [[String]], _ gate: Askers) -> GuardedResolver {
        let server = NameServer(answers)
        return GuardedResolver(
            policy: AddressPolicy(allowsLoopback: false), threads: .shared,
            loop: MultiThreadedEventLoopGroup.singleton.next(), answerLife: .zero, refreshPatience: .milliseconds(20)
        ) { _ in
            let isFirst = server.lookups.load(ordering: .relaxed) == 0
            for _ in 0..<5_000 where !isFirst && gate.count.load(ordering: .relaxed) == 0 { usleep(1_000) }
            return server.answer()
        }
    }

    @Test("A known name whose name server has fallen silent goes by its last answer, until there is a new one")
    func stale() async throws {
        let gate = Askers()
        let resolver = slowServer([["8.8.8.8"], ["1.1.1.1"], ["1.1.1.1"]], gate)
        #expect(try await addresses(resolver).map(\.description) == ["8.8.8.8"])
        #expect(try await addresses(resolver).map(\.description) == ["8.8.8.8"])
        gate.count.store(1, ordering: .relaxed)
        var seen: [String] = []
        for _ in 0..<1_000 where seen != ["1.1.1.1"] { seen = try await addresses(resolver).map(\.description) }
        #expect(seen == ["1.1.1.1"])
    }

    @Test("A known name goes by its last answer when nobody can say, and by none when there is none any more")
    func outage() async throws {
        let answers = Mutex<[[String]?]>([["8.8.8.8"], nil, nil, ["1.1.1.1"], []])
        let resolver = GuardedResolver(
            policy: AddressPolicy(allowsLoopback: false), threads: .shared,
            loop: MultiThreadedEventLoopGroup.singleton.next(), answerLife: .zero, failureLife: .zero
        ) { _ in answers.withLock { $0.removeFirst() }.map { $0.compactMap { IPAddress($0) } } }
        for expected in ["8.8.8.8", "8.8.8.8", "8.8.8.8", "1.1.1.1"] {
            #expect(try await addresses(resolver).map(\.description) == [expected])
        }
        await #expect(throws: AttemptFailure.nameNotFound) { try await addresses(resolver) }
    }

    @Test("The last answer is checked again when it stands in for a new one")
    func staleAnswers() async throws {
        let gate = Askers()
        let inside = slowServer([["8.8.8.8", "10.0.0.1"]], gate)
        for _ in 1...2 { await #expect(throws: AttemptFailure.addressNotAllowed) { try await addresses(inside) } }
        gate.count.store(1, ordering: .relaxed)
    }

    @Test("However many ask for a name, it is looked up once")
    func together() async throws {
        let lookups = Atomic<Int>(0)
        let askers = Askers()
        let resolver = GuardedResolver(
            policy: AddressPolicy(allowsLoopback: false), threads: .shared,
            loop: MultiThreadedEventLoopGroup.singleton.next(), answerLife: .zero
        ) { _ in
            lookups.add(1, ordering: .relaxed)
            // The name server answers once everybody has asked, and after a moment more for the last to wait.
            for _ in 0..<2_000 where askers.count.load(ordering: .relaxed) < 20 { usleep(1_000) }
            usleep(200_000)
            return [IPAddress("8.8.8.8")].compactMap(\.self)
        }
        let answers = try await withThrowingTaskGroup(of: [IPAddress].self) { group in
            for _ in 0..<20 {
                group.addTask {
                    askers.count.add(1, ordering: .relaxed)
                    return try await addresses(resolver)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 20 && answers.allSatisfy { $0.map(\.description) == ["8.8.8.8"] })
        #expect(lookups.load(ordering: .relaxed) == 1)
    }

    @Test("A name that nobody waits for any more is not looked up when its turn comes")
    func givenUp() async throws {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        let names = Mutex<[String]>([])
        let resolver = GuardedResolver(
            policy: AddressPolicy(allowsLoopback: false),
            threads: LookupThreads(well: thread, untried: thread, failing: thread),
            loop: MultiThreadedEventLoopGroup.singleton.next()
        ) { name in
            names.withLock { $0.append(name) }
            usleep(name == "slow.example.com" ? 400_000 : 0)
            return []
        }
        let find = { @Sendable (name: String, patience: TimeAmount) async throws(AttemptFailure) in
            _ = try await resolver.addresses(of: .name(name), standing: .failing, by: .now() + patience)
        }
        let slow = Task { try await find("slow.example.com", .seconds(5)) }
        while names.withLock({ $0.isEmpty }) { await Task.yield() }
        await #expect(throws: AttemptFailure.timedOut) { try await find("late.example.com", .milliseconds(50)) }
        await #expect(throws: AttemptFailure.nameNotFound) { try await find("next.example.com", .seconds(5)) }
        await #expect(throws: AttemptFailure.nameNotFound) { try await slow.value }
        #expect(names.withLock { $0 } == ["slow.example.com", "next.example.com"])
        try await thread.shutdownGracefully()
    }
}
