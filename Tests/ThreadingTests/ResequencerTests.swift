import Testing
import Threading

@Suite("Resequencer")
struct ResequencerTests {
    @Test func `what comes early waits for what is missing, and then goes with it`() {
        let resequencer = Resequencer<String>()
        #expect(resequencer.add("b", number: 1) == [])
        #expect(resequencer.add("d", number: 3) == [])
        #expect(resequencer.add("a", number: 0) == ["a", "b"])
        #expect(resequencer.add("c", number: 2) == ["c", "d"])
        #expect(resequencer.add("f", number: 5) == [], "behind what never comes nothing goes")
    }

    @Test func `every order comes out as the same`() {
        for _ in 0..<100 {
            let resequencer = Resequencer<Int>()
            let out = (0..<50).shuffled().flatMap { resequencer.add($0, number: $0) }
            #expect(out == Array(0..<50))
        }
    }
}
