import Testing
import Threading

@Suite("Bounded buffer")
struct BoundedBufferTests {
    @Test func `what comes waits up to the bound, and is taken together, in order`() async throws {
        let buffer = BoundedBuffer<Int>(limit: 4) { _ in 2 }
        let putting = Task {
            for number in 0..<7 { _ = await buffer.put(number) }
            buffer.finish()
        }
        var sizes: [Int] = []
        var taken: [Int] = []
        while let taking = await buffer.take() {
            #expect(taking.number == sizes.count)
            sizes.append(taking.elements.count)
            taken += taking.elements
        }
        await putting.value
        #expect(taken == Array(0..<7))
        #expect(sizes.allSatisfy { (1...2).contains($0) })
    }

    @Test func `an element that weighs more than the bound goes in when there is room for any`() async throws {
        let buffer = BoundedBuffer<Int>(limit: 4) { $0 }
        #expect(await buffer.put(1))
        #expect(await buffer.put(100))
        async let third = buffer.put(1)
        #expect(await buffer.take()?.elements == [1, 100])
        #expect(await third)
        #expect(await buffer.take()?.elements == [1])
    }

    @Test func `what was put in is taken before the end is told`() async throws {
        let buffer = BoundedBuffer<String>(limit: 4) { _ in 1 }
        #expect(await buffer.put("a"))
        buffer.finish()
        #expect(await buffer.take()?.elements == ["a"])
        #expect(await buffer.take()?.elements == nil)
    }

    @Test func `a closed buffer lets everybody go`() async throws {
        let buffer = BoundedBuffer<String>(limit: 1) { _ in 1 }
        #expect(await buffer.put("a"))
        async let second = buffer.put("b")
        buffer.close()
        #expect(await second == false)
        #expect(await buffer.take()?.elements == nil)
        #expect(await buffer.put("c") == false)
    }

    @Test func `who asks for much waits for it, and who asks for anything goes first`() async throws {
        let buffer = BoundedBuffer<Int>(limit: 3) { $0 }
        #expect(await buffer.put(2))
        async let much = buffer.take(weighing: 3)
        #expect(await buffer.take()?.elements == [2], "less than the other asks for")
        #expect(await buffer.put(2))
        #expect(await buffer.put(1))
        let taking = await much
        #expect(taking?.elements == [2, 1])
        #expect(taking?.number == 1)
        #expect(await buffer.put(1))
        async let rest = buffer.take(weighing: 3)
        buffer.finish()
        #expect(await rest?.elements == nil, "too little is left")
        #expect(await buffer.take()?.elements == [1])
    }

    @Test func `many take, and everything is taken once and told apart by number`() async throws {
        let buffer = BoundedBuffer<Int>(limit: 8) { _ in 1 }
        let takings = await withTaskGroup(of: [BoundedBuffer<Int>.Taking].self) { group in
            for minimum in [0, 0, 4, 8] {
                group.addTask {
                    var takings: [BoundedBuffer<Int>.Taking] = []
                    while let taking = await buffer.take(weighing: minimum) { takings.append(taking) }
                    return takings
                }
            }
            for number in 0..<10_000 { _ = await buffer.put(number) }
            buffer.finish()
            return await group.reduce(into: []) { $0 += $1 }.sorted { $0.number < $1.number }
        }
        #expect(takings.map(\.number) == Array(0..<takings.count))
        #expect(takings.flatMap(\.elements) == Array(0..<10_000))
    }
}
