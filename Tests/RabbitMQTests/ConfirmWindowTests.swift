import RabbitMQ
import Testing

@Suite("The confirm window")
struct ConfirmWindowTests {
    /// A window in which messages 1…count have been sent, each known by its number.
    private func window(sent count: Int, capacity: Int = 100) -> ConfirmWindow<Int> {
        var window = ConfirmWindow<Int>(capacity: capacity)
        for number in 0..<count { window.append(number + 1) }
        return window
    }

    @Test(
        "resolves what an answer covers, and nothing else",
        arguments: [
            (tag: 1, isMultiple: false, ended: [1]), (tag: 3, isMultiple: false, ended: [3]),
            (tag: 5, isMultiple: false, ended: [5]), (tag: 6, isMultiple: false, ended: []),
            (tag: 0, isMultiple: false, ended: []), (tag: 1, isMultiple: true, ended: [1]),
            (tag: 3, isMultiple: true, ended: [1, 2, 3]), (tag: 5, isMultiple: true, ended: [1, 2, 3, 4, 5]),
            (tag: 0, isMultiple: true, ended: [1, 2, 3, 4, 5]),
        ])
    func answer(tag: UInt64, isMultiple: Bool, ended: [Int]) {
        var window = window(sent: 5)
        #expect(window.resolve(tag, isMultiple: isMultiple, isAck: true).map(\.element) == ended)
        #expect(window.count == 5 - ended.count)
        #expect(window.resolve(tag, isMultiple: isMultiple, isAck: true).count == 0)
    }

    @Test("a returned message fails although the broker acknowledges it, also along with others")
    func returned() {
        var window = window(sent: 3)
        window.noteReturn(2, replyCode: 312, replyText: "NO_ROUTE")
        let results = window.resolve(3, isMultiple: true, isAck: true).map { $0.result.error }
        #expect(results == [nil, .returned(replyCode: 312, replyText: "NO_ROUTE"), nil])
    }

    @Test("a return that names no outstanding message is ignored")
    func strayReturn() {
        var window = window(sent: 1)
        window.noteReturn(2, replyCode: 312, replyText: "NO_ROUTE")
        window.append(2)
        #expect(window.resolve(2, isMultiple: true, isAck: true).map { $0.result.error } == [nil, nil])
    }

    @Test("a nack is a failure")
    func nack() {
        var window = window(sent: 1)
        #expect(window.resolve(1, isMultiple: false, isAck: false).map { $0.result.error } == [.nacked])
    }

    @Test("it has room below its capacity only")
    func capacity() {
        var window = window(sent: 2, capacity: 2)
        #expect(!window.hasRoom)
        _ = window.resolve(2, isMultiple: false, isAck: true)
        #expect(window.hasRoom)
    }

    @Test("a new channel numbers from one again, and forgets the old one's returns")
    func restart() {
        var window = window(sent: 3)
        window.noteReturn(1, replyCode: 312, replyText: "NO_ROUTE")
        #expect(window.removeAll() == [1, 2, 3])
        #expect(window.append(9) == 1)
        #expect(window.resolve(1, isMultiple: false, isAck: true).map { $0.result.error } == [nil])
    }

    @Test(
        "random runs resolve every message once, as a plain dictionary would", arguments: 0..<50 as Range<UInt64>
    )
    func random(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var window = ConfirmWindow<UInt64>(capacity: 64)
        var model: [UInt64: RabbitMQError?] = [:]
        for _ in 0..<2000 {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0, 1:
                guard window.hasRoom else { continue }
                let tag = window.nextTag
                #expect(window.append(tag) == tag, "seed \(seed)")
                model[tag] = .some(nil)
            case 2:
                let tag = UInt64.random(in: 0...window.nextTag, using: &generator)
                window.noteReturn(tag, replyCode: 312, replyText: "")
                if model[tag] != nil { model[tag] = .returned(replyCode: 312, replyText: "") }
            default:
                let tag = UInt64.random(in: 1...window.nextTag, using: &generator)
                let isMultiple = Bool.random(using: &generator)
                let isAck = Bool.random(using: &generator)
                let expected = model.keys.filter { isMultiple ? $0 <= tag : $0 == tag }.sorted()
                let resolved = window.resolve(tag, isMultiple: isMultiple, isAck: isAck)
                #expect(resolved.map(\.element) == expected, "seed \(seed)")
                for item in resolved {
                    let returned = model.removeValue(forKey: item.element) ?? nil
                    #expect(item.result.error == returned ?? (isAck ? nil : .nacked), "seed \(seed)")
                }
            }
            #expect(window.count == model.count, "seed \(seed)")
        }
        #expect(window.removeAll() == model.keys.sorted(), "seed \(seed)")
    }
}

extension Result where Failure == RabbitMQError {
    /// The failure, if it is one.
    var error: RabbitMQError? {
        if case .failure(let error) = self { error } else { nil }
    }
}

/// A small generator that gives the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
