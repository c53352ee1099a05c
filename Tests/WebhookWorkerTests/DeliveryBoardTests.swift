import PaymentLinks
import Storage
import Testing
import WebhookWorker

@Suite("Delivery board")
struct DeliveryBoardTests {
    private let now = ContinuousClock.now

    private func limits(slots: Int = 10) -> DeliveryBoard.Limits {
        var limits = DeliveryBoard.Limits(slots: slots)
        limits.slotsPerEndpoint = 3
        limits.queuePerEndpoint = 5
        limits.deliveries = 40
        return limits
    }

    private func start(_ board: inout DeliveryBoard) -> [UInt128] {
        board.start(at: now, leasedBeyond: now).map(\.delivery.id.bits)
    }

    @Test("An endpoint has no more under way than its slots; the next starts when one ends")
    func perEndpoint() {
        var board = DeliveryBoard(limits: limits())
        _ = board.admit(Sample.held(1...5, to: 1), at: now)
        #expect(start(&board) == [1, 2, 3])
        #expect(start(&board) == [])
        #expect(board.finish(Sample.endpoint(1), .well, at: now) == [])
        #expect(start(&board) == [4])
        #expect(board.underWay == 3)
        #expect(board.waiting == 1)
    }

    @Test("Endpoints take turns")
    func turns() {
        var board = DeliveryBoard(limits: limits(slots: 4))
        _ = board.admit(Sample.held(1...3, to: 1) + Sample.held(11...13, to: 2), at: now)
        #expect(start(&board) == [1, 11, 2, 12])
    }

    @Test("A failing endpoint gets one at a time, and a success gives it back its slots")
    func failingEndpoint() {
        var board = DeliveryBoard(limits: limits())
        _ = board.admit(Sample.held(1...5, to: 1, standing: .failing), at: now)
        #expect(start(&board) == [1])
        _ = board.finish(Sample.endpoint(1), .well, at: now)
        #expect(start(&board) == [2, 3, 4])
    }

    @Test("All failing endpoints together take half of the slots, so that a living one always finds one")
    func deadCrowd() {
        var board = DeliveryBoard(limits: limits(slots: 10))
        for endpoint in 1...20 {
            _ = board.admit(
                Sample.held([endpoint], to: endpoint, standing: endpoint > 10 ? .failing : .untried), at: now)
        }
        #expect(start(&board).count == 5)
        _ = board.admit(Sample.held(101...103, to: 100), at: now)
        #expect(start(&board) == [101, 102, 103])
    }

    @Test("A new endpoint's first delivery waits for none of those that are known to fail")
    func newcomer() {
        var board = DeliveryBoard(limits: limits())
        for endpoint in 1...20 { _ = board.admit(Sample.held([endpoint], to: endpoint, standing: .failing), at: now) }
        #expect(start(&board) == [1, 2, 3])
        #expect(start(&board) == [], "they have three quarters of the doubtful half, and what is left is not theirs")
        _ = board.admit(Sample.held([101], to: 100, standing: .untried), at: now)
        #expect(start(&board) == [101])
        _ = board.finish(Sample.endpoint(1), .failing(retryAfter: nil), at: now)
        _ = board.admit(Sample.held([201, 301], to: 200, standing: .untried), at: now)
        _ = board.admit(Sample.held([401], to: 400, standing: .untried), at: now)
        #expect(start(&board) == [201, 401], "whoever is new goes before those that fail")
    }

    @Test("A new endpoint that fails stands behind the other new ones from then on")
    func failedNewcomer() {
        var board = DeliveryBoard(limits: limits(slots: 6))
        _ = board.admit(Sample.held([100], to: 9, standing: .failing), at: now)
        #expect(start(&board) == [100], "the failing ones' own slot is taken")
        for endpoint in 1...4 {
            _ = board.admit(Sample.held([endpoint, endpoint * 10], to: endpoint, standing: .untried), at: now)
        }
        #expect(start(&board) == [1, 2])
        _ = board.finish(Sample.endpoint(1), .failing(retryAfter: nil), at: now)
        #expect(start(&board) == [3])
        _ = board.finish(Sample.endpoint(2), .well, at: now)
        #expect(start(&board) == [20, 4])
    }

    @Test("Well endpoints that are slow leave memory for the first deliveries of new ones, and for failing ones")
    func slowCrowd() {
        var board = DeliveryBoard(limits: DeliveryBoard.Limits())
        for endpoint in 1...57 { _ = board.admit(Sample.held(0..<72, to: endpoint), at: now) }
        #expect(start(&board).count == 57 * 8)
        #expect(board.waiting == 57 * 64)
        #expect(board.room(Sample.endpoint(58), standing: .well, at: now) == 64)
        #expect(board.room(Sample.endpoint(58), standing: .untried, at: now) == 2)
        #expect(board.room(Sample.endpoint(58), standing: .failing, at: now) == 2)
        var endpoint = 58
        while case let room = board.room(Sample.endpoint(endpoint), standing: .well, at: now), room > 0 {
            _ = board.admit(Sample.held(0..<room, to: endpoint), at: now)
            endpoint += 1
        }
        #expect(board.waiting + board.underWay == 8192 * 3 / 4)
        #expect(board.room(Sample.endpoint(endpoint), standing: .untried, at: now) == 2)
        #expect(board.room(Sample.endpoint(endpoint), standing: .failing, at: now) == 2)
    }

    @Test("A new endpoint, or a failing one, waits for one delivery to end, however many well ones stand in line")
    func backloggedCrowd() {
        var board = DeliveryBoard(limits: DeliveryBoard.Limits())
        for endpoint in 1...128 { _ = board.admit(Sample.held(0..<16, to: endpoint), at: now) }
        #expect(start(&board).count == 1024)
        _ = board.admit(Sample.held([1001], to: 201, standing: .failing), at: now)
        _ = board.admit(Sample.held([1002], to: 202, standing: .untried), at: now)
        #expect(start(&board) == [], "every slot is lent")
        _ = board.finish(Sample.endpoint(1), .well, at: now)
        #expect(start(&board) == [1002])
        _ = board.finish(Sample.endpoint(2), .well, at: now)
        #expect(start(&board) == [1001])
        _ = board.finish(Sample.endpoint(3), .well, at: now)
        #expect(start(&board) == [8], "the rest is for the well")
    }

    @Test("Well endpoints have seven eighths of the slots while doubtful ones wait, and all of them while none does")
    func ownSlots() {
        var board = DeliveryBoard(limits: DeliveryBoard.Limits(slots: 32))
        for endpoint in 1...16 { _ = board.admit(Sample.held(0..<16, to: endpoint), at: now) }
        for number in 101...110 { _ = board.admit(Sample.held([number], to: number, standing: .untried), at: now) }
        for number in 201...210 { _ = board.admit(Sample.held([number], to: number, standing: .failing), at: now) }
        let started = start(&board)
        #expect(started.filter { $0 > 200 } == [201, 202])
        #expect(started.filter { 101...200 ~= $0 } == [101, 102])
        #expect(started.count == 32)
    }

    @Test("However few slots there are, new and failing endpoints get one", arguments: -1...5)
    func fewSlots(slots: Int) {
        for standing in EndpointStanding.allCases {
            var board = DeliveryBoard(limits: limits(slots: slots))
            _ = board.admit(Sample.held([1], to: 1, standing: standing), at: now)
            #expect(start(&board) == [1], "\(standing)")
        }
    }

    @Test("A delivery starts with what is known of its endpoint now, so that its name is looked up among its like")
    func standingNow() {
        var board = DeliveryBoard(limits: limits())
        _ = board.admit(Sample.held(1...5, to: 1, standing: .untried), at: now)
        let standings = [DeliveryBoard.Impression.well, .failing(retryAfter: nil), .well].map { impression in
            let started = board.start(at: now, leasedBeyond: now)
            for held in started { _ = board.finish(held.delivery.target.webhookId, impression, at: now) }
            return started.map(\.delivery.target.standing)
        }
        #expect(standings == [[.untried], [.well, .well, .well], [.failing]])
    }

    @Test("When the breaker opens, what waits is given back, and the lane has no room")
    func openBreaker() {
        var board = DeliveryBoard(limits: limits())
        let endpoint = Sample.endpoint(1)
        var released: [DeliveryLease] = []
        for number in 1...5 {
            _ = board.admit(
                Sample.held([number, number + 100], to: 1).prefix(number == 5 ? 2 : 1).map(\.self), at: now)
            #expect(start(&board).count == 1)
            released += board.finish(endpoint, .failing(retryAfter: nil), at: now)
        }
        #expect(released.map(\.deliveryId) == [DeliveryID(bits: 105)])
        #expect(board.room(endpoint, standing: .failing, at: now) == 0)
        #expect(board.room(endpoint, standing: .failing, at: now + .seconds(5)) == 1)
        #expect(board.waiting == 0)
        #expect(board.underWay == 0)
    }

    @Test("What has too little of its lease left is dropped, for another worker finds it due")
    func expiredLeases() {
        var board = DeliveryBoard(limits: limits())
        let held =
            Sample.held([1], to: 1, until: now + .seconds(1)) + Sample.held([2], to: 1, until: now + .seconds(60))
        _ = board.admit(held, at: now)
        let started = board.start(at: now, leasedBeyond: now + .seconds(15))
        #expect(started.map(\.delivery.id.bits) == [2])
        #expect(board.waiting == 0)
    }

    @Test("Room is bounded by the endpoint's queue, and by what is in memory less the others' eighths")
    func room() {
        var board = DeliveryBoard(limits: limits())
        #expect(board.room(Sample.endpoint(1), standing: .well, at: now) == 5)
        #expect(board.room(Sample.endpoint(1), standing: .untried, at: now) == 2)
        for endpoint in 1...6 { _ = board.admit(Sample.held(endpoint * 10..<endpoint * 10 + 5, to: endpoint), at: now) }
        #expect(board.room(Sample.endpoint(1), standing: .well, at: now) == 0)
        #expect(board.room(Sample.endpoint(9), standing: .well, at: now) == 0, "a quarter is kept for the doubtful")
        _ = board.admit(Sample.held(91...94, to: 9, standing: .failing), at: now)
        #expect(board.room(Sample.endpoint(10), standing: .failing, at: now) == 1, "and half of that for the untried")
        #expect(board.room(Sample.endpoint(10), standing: .untried, at: now) == 2)
        _ = board.admit(Sample.held(101...105, to: 10, standing: .untried), at: now)
        #expect(board.room(Sample.endpoint(11), standing: .untried, at: now) == 0, "the rest is for the failing")
        #expect(board.room(Sample.endpoint(11), standing: .failing, at: now) == 1)
    }

    @Test("Doubtful endpoints have half of the memory at most, and failing ones three eighths")
    func doubtfulRoom() {
        var board = DeliveryBoard(limits: limits())
        for endpoint in 1...3 {
            _ = board.admit(Sample.held(endpoint * 10..<endpoint * 10 + 5, to: endpoint, standing: .failing), at: now)
        }
        #expect(board.room(Sample.endpoint(9), standing: .failing, at: now) == 0, "the rest is for the new")
        #expect(board.room(Sample.endpoint(9), standing: .untried, at: now) == 2)
        _ = board.admit(Sample.held(40..<45, to: 4, standing: .untried), at: now)
        #expect(board.room(Sample.endpoint(9), standing: .untried, at: now) == 0, "half is kept for the well")
        #expect(board.room(Sample.endpoint(9), standing: .well, at: now) == 5)
    }

    @Test("What comes for an endpoint that was shut off meanwhile is given back, and does not wait for ever")
    func shut() {
        var board = DeliveryBoard(limits: limits())
        let asked = Duration.seconds(5)
        _ = board.admit(Sample.held([1], to: 1), at: now)
        #expect(start(&board) == [1])
        #expect(board.room(Sample.endpoint(1), standing: .well, at: now) > 0)
        _ = board.finish(Sample.endpoint(1), .failing(retryAfter: asked), at: now)
        #expect(board.admit(Sample.held([2], to: 1), at: now).map(\.deliveryId.bits) == [2])
        #expect(board.waiting == 0)
        #expect(board.room(Sample.endpoint(1), standing: .well, at: now + asked) == 1)
        #expect(board.admit(Sample.held([3], to: 1), at: now + asked) == [])
        #expect(board.start(at: now + asked, leasedBeyond: now).map(\.delivery.id.bits) == [3])
    }

    @Test("A closed board starts nothing, and gives back everything that waits")
    func closing() {
        var board = DeliveryBoard(limits: limits())
        _ = board.admit(Sample.held(1...5, to: 1), at: now)
        #expect(start(&board).count == 3)
        board.close()
        _ = board.finish(Sample.endpoint(1), .well, at: now)
        #expect(start(&board) == [])
        #expect(board.empty().map(\.deliveryId.bits).sorted() == [4, 5])
        #expect(board.waiting == 0)
    }

    @Test("Endpoints that failed and have had nothing since are forgotten, when their pauses are over")
    func forgetting() {
        var board = DeliveryBoard(limits: limits())
        for endpoint in 1...10_000 {
            _ = board.admit(Sample.held([endpoint], to: endpoint), at: now)
            #expect(start(&board).count == 1)
            _ = board.finish(Sample.endpoint(endpoint), .failing(retryAfter: nil), at: now)
        }
        _ = board.start(at: now + .seconds(100), leasedBeyond: now)
        #expect(board.endpoints == 10_000)
        _ = board.start(at: now + .seconds(160), leasedBeyond: now)
        #expect(board.endpoints == 0)
        #expect(board.waiting == 0 && board.underWay == 0)
    }

    @Test("An endpoint that is being attempted, or waits, is not forgotten")
    func notForgetting() {
        var board = DeliveryBoard(limits: limits())
        _ = board.admit(Sample.held([1], to: 1), at: now)
        #expect(start(&board) == [1])
        _ = board.finish(Sample.endpoint(1), .failing(retryAfter: nil), at: now)
        _ = board.admit(Sample.held([2, 3], to: 1), at: now)
        #expect(start(&board) == [2])
        let later = now + .seconds(3_000)
        #expect(board.start(at: later, leasedBeyond: now).isEmpty)
        #expect(board.endpoints == 1)
        _ = board.finish(Sample.endpoint(1), .well, at: later)
        #expect(board.start(at: later, leasedBeyond: now).map(\.delivery.id.bits) == [3])
    }

    @Test("Random events keep every bound, and nothing is lost or started twice", arguments: 0..<20 as Range<UInt64>)
    func randomEvents(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var board = DeliveryBoard(limits: limits())
        var now = now
        var (admitted, started, released): (Set<UInt128>, Set<UInt128>, Set<UInt128>) = ([], [], [])
        var underWay: [HeldDelivery] = []
        var next = 1
        // Room that was there when somebody asked for it may be gone when they come.
        var granted: [Int] = []
        for _ in 0..<2000 {
            now += .milliseconds(Int.random(in: 0...200, using: &generator))
            let endpoint = Int.random(in: 1...8, using: &generator)
            if board.room(Sample.endpoint(endpoint), standing: .well, at: now) > 0 { granted.append(endpoint) }
            if Bool.random(using: &generator), let index = granted.indices.randomElement(using: &generator) {
                let standing = EndpointStanding.allCases[Int.random(in: 0...2, using: &generator)]
                let held = Sample.held(
                    [next], to: granted.remove(at: index), standing: standing, until: now + .seconds(100_000))
                released.formUnion(board.admit(held, at: now).map(\.deliveryId.bits))
                admitted.insert(UInt128(next))
                next += 1
            } else if let index = underWay.indices.randomElement(using: &generator) {
                let ended = underWay.remove(at: index)
                let isWell = ended.delivery.target.webhookId.bits > 3
                let back = board.finish(
                    ended.delivery.target.webhookId, isWell ? .well : .failing(retryAfter: nil), at: now)
                released.formUnion(back.map(\.deliveryId.bits))
            }
            for delivery in board.start(at: now, leasedBeyond: now) {
                #expect(started.insert(delivery.delivery.id.bits).inserted)
                underWay.append(delivery)
            }
            #expect(board.underWay == underWay.count)
            #expect(underWay.count <= 10)
            let lanes = Dictionary(grouping: underWay, by: \.delivery.target.webhookId)
            #expect(lanes.values.allSatisfy { $0.count <= 3 })
        }
        while let ended = underWay.popLast() {
            now += .seconds(61)
            released.formUnion(board.finish(ended.delivery.target.webhookId, .well, at: now).map(\.deliveryId.bits))
            for delivery in board.start(at: now, leasedBeyond: now) {
                #expect(started.insert(delivery.delivery.id.bits).inserted)
                underWay.append(delivery)
            }
        }
        #expect(board.waiting == 0, "nothing waits while nothing is under way")
        let waiting = Set(board.empty().map(\.deliveryId.bits))
        #expect(admitted == started.union(released).union(waiting))
        #expect(started.isDisjoint(with: waiting))
        #expect(started.isDisjoint(with: released))
    }
}
