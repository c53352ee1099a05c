import Postgres
import Testing

@Suite("The pipeline state machine")
struct PipelineStateMachineTests {
    typealias Step = PipelineStateMachine.Step
    typealias Event = PipelineStateMachine.Event
    typealias Action = PipelineStateMachine.Action

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
        let received: [(Event, Action)]
    }

    static let statement = Statement("s", "SELECT 1")

    static let examples: [Example] = [
        Example(
            testDescription: "one statement and its sync", steps: [.execute, .sync],
            received: [(.success, .collect), (.null, .nothing), (.sync, .finishUnit)]),
        Example(
            testDescription: "a preparation is remembered once the server confirms it",
            steps: [.prepare(statement), .execute, .sync],
            received: [
                (.success, .remember(statement)), (.null, .nothing), (.success, .collect), (.null, .nothing),
                (.sync, .finishUnit),
            ]),
        Example(
            testDescription: "a preparation that fails is forgotten, and what needs it is skipped",
            steps: [.prepare(statement), .execute, .sync],
            received: [
                (.failure, .fail(forgetting: statement)), (.null, .nothing), (.aborted, .skip(forgetting: nil)),
                (.null, .nothing), (.sync, .finishUnit),
            ]),
        Example(
            testDescription: "a preparation that is skipped is forgotten",
            steps: [.execute, .prepare(statement), .execute, .sync],
            received: [
                (.failure, .fail(forgetting: nil)), (.null, .nothing), (.aborted, .skip(forgetting: statement)),
                (.null, .nothing), (.aborted, .skip(forgetting: nil)), (.null, .nothing), (.sync, .finishUnit),
            ]),
        Example(
            testDescription: "a failed unit leaves the next alone",
            steps: [.execute, .sync, .execute, .sync],
            received: [
                (.failure, .fail(forgetting: nil)), (.null, .nothing), (.sync, .finishUnit), (.success, .collect),
                (.null, .nothing), (.sync, .finishUnit),
            ]),
        Example(testDescription: "an answer to nothing", steps: [], received: [(.success, .giveUp)]),
        Example(testDescription: "a NULL before its result", steps: [.execute, .sync], received: [(.null, .giveUp)]),
        Example(testDescription: "a sync before the results", steps: [.execute, .sync], received: [(.sync, .giveUp)]),
        Example(
            testDescription: "two results for one statement", steps: [.execute, .sync],
            received: [(.success, .collect), (.success, .giveUp)]),
        Example(
            testDescription: "a result where the sync belongs", steps: [.sync], received: [(.success, .giveUp)]),
        Example(testDescription: "a COPY", steps: [.execute, .sync], received: [(.other, .giveUp)]),
        Example(
            testDescription: "nothing is trusted after giving up", steps: [.execute, .sync],
            received: [(.other, .giveUp), (.null, .giveUp), (.sync, .giveUp)]),
    ]

    @Test("gives the right action for every event of", arguments: examples)
    func example(_ example: Example) {
        var machine = PipelineStateMachine()
        for step in example.steps { machine.sent(step) }
        for (event, action) in example.received { #expect(machine.received(event) == action) }
    }

    /// A server made of a list: it answers units as the protocol says, one in four of them failing somewhere.
    @Test("pairs every answer with its unit in random runs", arguments: 0..<200)
    func randomRun(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var machine = PipelineStateMachine()
        var events: [Event] = []
        var expected: [Action] = []
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            var hasFailed = false
            for index in 0..<Int.random(in: 1...6, using: &generator) {
                let prepared = Bool.random(using: &generator) ? Statement("s\(index)", "") : nil
                machine.sent(prepared.map(Step.prepare) ?? .execute)
                let fails = !hasFailed && Int.random(in: 0..<16, using: &generator) == 0
                events.append(hasFailed ? .aborted : fails ? .failure : .success)
                expected.append(Self.action(hasFailed: hasFailed, fails: fails, prepared: prepared))
                events.append(.null)
                expected.append(.nothing)
                hasFailed = hasFailed || fails
            }
            machine.sent(.sync)
            events.append(.sync)
            expected.append(.finishUnit)
        }
        #expect(events.map { machine.received($0) } == expected, "seed \(seed)")
        #expect(machine.isIdle, "seed \(seed)")
    }

    /// Whatever comes, the machine finishes no more units than were sent, and stays down once it gave up.
    @Test("never finishes a unit that was not sent, whatever events come", arguments: 0..<200)
    func nonsense(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var machine = PipelineStateMachine()
        let events: [Event] = [.success, .success, .null, .null, .failure, .aborted, .sync, .other]
        var (sent, finished, gaveUp) = (0, 0, false)
        for _ in 0..<200 {
            if Bool.random(using: &generator) {
                machine.sent(.execute)
                machine.sent(.sync)
                sent += 1
            }
            let action = machine.received(events.randomElement(using: &generator) ?? .null)
            #expect(!gaveUp || action == .giveUp, "seed \(seed)")
            gaveUp = gaveUp || action == .giveUp
            finished += action == .finishUnit ? 1 : 0
            #expect(finished <= sent, "seed \(seed)")
        }
    }

    private static func action(hasFailed: Bool, fails: Bool, prepared: Statement?) -> Action {
        if hasFailed { return .skip(forgetting: prepared) }
        if fails { return .fail(forgetting: prepared) }
        return prepared.map(Action.remember) ?? .collect
    }
}

/// SplitMix64: small, good enough for tests, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
