import SettlementWorker
import Testing

@Suite("Delays between attempts")
struct RetryDelayTests {
    @Test("Delays double from the shortest to the longest, each at least half its ceiling")
    func doubling() {
        var generator = SystemRandomNumberGenerator()
        var delay = RetryDelay()
        var ceiling = RetryDelay.shortest
        for _ in 0..<20 {
            let next = delay.next(using: &generator)
            #expect(next >= ceiling / 2 && next <= ceiling)
            ceiling = min(ceiling * 2, RetryDelay.longest)
        }
        #expect(ceiling == RetryDelay.longest)
    }
}
