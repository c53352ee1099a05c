import Testing
import Threading

@Suite("Turns")
struct TurnsTests {
    @Test func `whatever order they come in, they go by their numbers`() async throws {
        let turns = Turns()
        let (gone, log) = AsyncStream.makeStream(of: Int.self)
        await withTaskGroup(of: Void.self) { group in
            for number in (0..<100).reversed() {
                group.addTask {
                    #expect(await turns.begin(number))
                    await Task.yield()
                    log.yield(number)
                    turns.end()
                }
            }
        }
        log.finish()
        #expect(await gone.reduce(into: []) { $0.append($1) } == Array(0..<100))
    }

    @Test func `nobody goes behind a turn that never ends`() async throws {
        let turns = Turns()
        #expect(await turns.begin(0))
        async let next = turns.begin(1)
        turns.close()
        #expect(await next == false)
        #expect(await turns.begin(2) == false)
    }
}
