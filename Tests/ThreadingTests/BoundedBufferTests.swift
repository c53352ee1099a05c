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
        while let elements = await buffer.take() {
            sizes.append(elements.count)
            taken += elements
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
        #expect(await buffer.take() == [1, 100])
        #expect(await third)
        #expect(await buffer.take() == [1])
    }

    @Test func `what was put in is taken before the end is told`() async throws {
        let buffer = BoundedBuffer<String>(limit: 4) { _ in 1 }
        #expect(await buffer.put("a"))
        buffer.finish()
        #expect(await buffer.take() == ["a"])
        #expect(await buffer.take() == nil)
    }

    @Test func `a closed buffer lets everybody go`() async throws {
        let buffer = BoundedBuffer<String>(limit: 1) { _ in 1 }
        #expect(await buffer.put("a"))
        async let second = buffer.put("b")
        buffer.close()
        #expect(await second == false)
        #expect(await buffer.take() == nil)
        #expect(await buffer.put("c") == false)
    }

    @Test func `less than is required is taken at the end, or when less is required`() async throws {
        let buffer = BoundedBuffer<Int>(limit: 3) { $0 }
        buffer.require(3)
        #expect(await buffer.put(2))
        async let first = buffer.take()
        #expect(await buffer.put(1))
        #expect(await first == [2, 1])
        #expect(await buffer.put(1))
        async let second = buffer.take()
        buffer.require(1)
        #expect(await second == [1])
        buffer.require(3)
        #expect(await buffer.put(1))
        async let third = buffer.take()
        buffer.finish()
        #expect(await third == [1])
        #expect(await buffer.take() == nil)
    }
}
