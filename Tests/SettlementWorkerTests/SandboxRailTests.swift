import Consuming
import PaymentLinks
import SettlementWorker
import Synchronization
import Testing

@Suite("The sandbox's rail")
struct SandboxRailTests {
    typealias Kind = SettlementOutcome.Kind

    @Test(
        "Each script of a bank account is told as outcomes",
        arguments: [
            ("1234567890", [Kind.submitted, .settled], nil as String?),
            ("9999", [.submitted], nil),
            ("0001", [.submitted, .settled, .returned], "R01"),
            ("0048", [.submitted, .settled, .returned], "R48"),
            ("0085", [.submitted, .settled, .returned], "R85"),
        ])
    func bank(number: String, kinds: [Kind], code: String?) async throws {
        let outcomes = try await outcomes(of: Sample.bankAccount(number))
        #expect(outcomes.map(\.kind) == kinds)
        #expect(outcomes.last?.code == code)
        #expect((outcomes.last?.reason == nil) == (code == nil))
    }

    @Test(
        "Each script of an address is told as outcomes",
        arguments: [
            ("1234", [Kind.submitted, .settled], nil as String?),
            ("dead", [], nil),
            ("0bad", [.settled], "UNDERPAID"),
            ("face", [.submitted, .settled], "OVERPAID"),
        ])
    func chain(ending: String, kinds: [Kind], code: String?) async throws {
        let outcomes = try await outcomes(of: Sample.address(ending: ending))
        #expect(outcomes.map(\.kind) == kinds)
        #expect(outcomes.last?.code == code)
        #expect((outcomes.last?.reason == nil) == (code == nil))
    }

    @Test(
        "Too little and too much on chain are reported with what arrived",
        arguments: [("0bad", 7_500), ("face", 22_500)])
    func arrived(ending: String, units: Int64) async throws {
        let outcomes = try await outcomes(of: Sample.address(ending: ending))
        #expect(!outcomes.isEmpty && outcomes.allSatisfy { $0.baseUnits == units })
    }

    @Test("A bank's reference is a trace number, a chain's a transaction hash with the log's index")
    func references() async throws {
        let trace = try #require(try await outcomes(of: Sample.bankAccount("1234567890")).first?.reference)
        #expect(trace.utf8.count == 15 && trace.allSatisfy(\.isWholeNumber))
        let transfer = try #require(try await outcomes(of: Sample.address(ending: "1234")).first?.reference)
        #expect(transfer.wholeMatch(of: /0x[0-9a-f]{64}:0/) != nil)
    }

    @Test("References follow from the settlement: the same twice, and different for two")
    func distinctReferences() throws {
        let account = try Sample.bankAccount("1234567890")
        let texts = (1...1000).map { SandboxReference.text(for: Sample.settlement($0, paidFrom: account).request) }
        let again = (1...1000).map { SandboxReference.text(for: Sample.settlement($0, paidFrom: account).request) }
        #expect(Set(texts).count == 1000)
        #expect(texts == again)
    }

    @Test("A redelivered settlement gets the same outcomes at any later time, from any other process")
    func redelivery() async throws {
        let settlements = try Sample.everyKind()
        let first = try await SandboxRail(delay: .seconds(3), pause: .none).submit(settlements)
        let later = Pause(now: { Sample.createdAt.advanced(by: .seconds(86_400)) }, wait: { _ in true })
        let second = try await SandboxRail(delay: .seconds(3), pause: later).submit(settlements.shuffled())
        #expect(Set(first) == Set(second))
        #expect(first.count == second.count)
    }

    @Test(
        "Outcomes wait until the youngest claim is old enough, and never longer than the delay",
        arguments: [
            (Duration.seconds(5), Duration.zero, [Duration.seconds(5)]), (.seconds(5), .seconds(2), [.seconds(3)]),
            (.seconds(5), .seconds(5), []), (.seconds(5), .seconds(60), []),
            (.seconds(5), .seconds(-60), [.seconds(5)]),
            (.zero, .zero, []), (.seconds(3600), .zero, [.seconds(60)]), (.seconds(-1), .zero, []),
        ])
    func delays(delay: Duration, age: Duration, expected: [Duration]) async throws {
        let waits = Mutex<[Duration]>([])
        let pause = Pause(now: { Sample.createdAt.advanced(by: age) }) { duration in
            waits.withLock { $0.append(duration) }
            return true
        }
        let account = try Sample.bankAccount("1234567890")
        let older = Sample.settlement(
            1, paidFrom: account, createdAt: Sample.createdAt.advanced(by: .seconds(-9)))
        _ = try await SandboxRail(delay: delay, pause: pause).submit([Sample.settlement(2, paidFrom: account), older])
        #expect(waits.withLock(\.self) == expected)
    }

    @Test("A stop during the wait takes nothing on")
    func stopped() async throws {
        let settlement = Sample.settlement(1, paidFrom: try Sample.bankAccount("1234567890"))
        let rail = SandboxRail(delay: .seconds(5), pause: .stopping)
        await #expect(throws: RailNotReady.self) { try await rail.submit([settlement]) }
    }

    private func outcomes(of destination: Destination) async throws -> [SettlementOutcome] {
        try await SandboxRail(delay: .zero, pause: .none).submit([Sample.settlement(1, paidFrom: destination)])
    }
}
