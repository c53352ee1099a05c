import Testing
import Threading

@Suite("Pauses between attempts")
struct BackoffTests {
    @Test("Pauses double up to the longest, lose at most a half to chance, and start over", arguments: 0..<20)
    func pauses(round: Int) {
        var generator = SystemRandomNumberGenerator()
        var backoff = Backoff(shortest: .milliseconds(50), longest: .seconds(2))
        for full in [50, 100, 200, 400, 800, 1600, 2000, 2000] {
            let pause = backoff.pause(using: &generator)
            #expect(pause <= .milliseconds(full) && pause >= .milliseconds(full) / 2)
        }
        backoff.reset()
        #expect(backoff.pause(using: &generator) <= .milliseconds(50))
    }

    @Test("A fleet does not go in step")
    func chance() {
        var generator = SystemRandomNumberGenerator()
        let pauses = (0..<100).map { _ in
            var backoff = Backoff(shortest: .seconds(1), longest: .seconds(1))
            return backoff.pause(using: &generator)
        }
        #expect(Set(pauses).count > 50)
    }
}
