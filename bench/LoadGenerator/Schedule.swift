import ArgumentParser

/// A stretch of time with requests at even distances.
struct Phase: Sendable {
    /// Requests a second.
    let rate: Double
    let seconds: Double

    var count: Int { Int(rate * seconds) }

    static func parse(_ text: String) throws -> Phase {
        let parts = text.split(separator: ":").compactMap { Double($0) }
        guard parts.count == 2, parts[0] > 0, parts[1] > 0 else {
            throw ValidationError("\(text) is not RATE:SECONDS")
        }
        return Phase(rate: parts[0], seconds: parts[1])
    }
}

/// When each request is due, in nanoseconds from the start; known before the first is sent.
struct Schedule: Sendable {
    struct Due: Sendable, Equatable {
        let nanoseconds: UInt64
        let phase: Int
    }

    let phases: [Phase]
    /// The number of the first request of each phase, and the moment at which the phase begins.
    private let beginnings: [(index: Int, nanoseconds: UInt64)]
    let count: Int

    init(phases: [Phase]) {
        self.phases = phases
        var beginnings: [(index: Int, nanoseconds: UInt64)] = []
        var index = 0
        var nanoseconds: UInt64 = 0
        for phase in phases {
            beginnings.append((index, nanoseconds))
            index += phase.count
            nanoseconds += UInt64(phase.seconds * 1e9)
        }
        self.beginnings = beginnings
        count = index
    }

    /// When the request of that number is due.
    func due(_ index: Int) -> Due {
        let phase = beginnings.lastIndex { $0.index <= index } ?? 0
        let step = Double(index - beginnings[phase].index) / phases[phase].rate
        return Due(nanoseconds: beginnings[phase].nanoseconds + UInt64(step * 1e9), phase: phase)
    }
}
