import Histogram

/// What came back: statuses, and latencies from the moment at which each request was due.
struct Tally {
    /// What an answer says of the server's capacity.
    enum Kind: String, CaseIterable {
        case accepted, shed, other

        init(status: Int) {
            switch status {
            case 200..<300: self = .accepted
            case 429, 503: self = .shed
            default: self = .other
            }
        }
    }

    private struct PhaseTally {
        let phase: Phase
        var statuses: [Int: Int] = [:]
        var latencies: [Kind: Histogram<UInt32>] = [:]
        var services: [Kind: Histogram<UInt32>] = [:]
    }

    /// What happened within one second.
    private struct Second {
        var sent = 0
        var answers: [Kind: Int] = [:]

        var counts: [String: Int] {
            Dictionary(uniqueKeysWithValues: [("sent", sent)] + answers.map { ($0.rawValue, $1) })
        }
    }

    private var phases: [PhaseTally]
    private var seconds: [Second] = []

    init(phases: [Phase]) {
        self.phases = phases.map { PhaseTally(phase: $0) }
    }

    /// Notes that a request goes out; `now` is in nanoseconds from the start.
    mutating func noteSent(now: UInt64) {
        seconds[second(of: now)].sent += 1
    }

    /// - Parameters:
    ///   - due: when the request should have been sent, in nanoseconds from the start.
    ///   - sent: when it was.
    ///   - now: when its answer was there.
    mutating func note(status: Int, phase: Int, due: UInt64, sent: UInt64, now: UInt64) {
        let kind = Kind(status: status)
        phases[phase].statuses[status, default: 0] += 1
        phases[phase].latencies[kind, default: Self.empty].record(max(1, (now - due) / 1000))
        phases[phase].services[kind, default: Self.empty].record(max(1, (now - sent) / 1000))
        seconds[second(of: now)].answers[kind, default: 0] += 1
    }

    private mutating func second(of now: UInt64) -> Int {
        let second = Int(now / 1_000_000_000)
        while seconds.count <= second { seconds.append(Second()) }
        return second
    }

    func report(due: Int, sent: Int, answered: Int, lost: Int) -> Report {
        Report(
            due: due, sent: sent, answered: answered, lost: lost,
            phases: phases.map { phase in
                Report.Phase(
                    rate: phase.phase.rate, seconds: phase.phase.seconds,
                    statuses: Dictionary(uniqueKeysWithValues: phase.statuses.map { (String($0), $1) }),
                    latencyMs: Self.latencies(phase.latencies), serviceMs: Self.latencies(phase.services))
            },
            timeline: seconds.map(\.counts))
    }

    private static func latencies(_ histograms: [Kind: Histogram<UInt32>]) -> [String: Report.Latency] {
        Dictionary(uniqueKeysWithValues: histograms.map { ($0.rawValue, Report.Latency($1)) })
    }

    /// Microseconds up to two minutes, to three digits.
    private static var empty: Histogram<UInt32> {
        Histogram(lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: .three)
    }
}

/// The result as it is printed.
struct Report: Encodable, Sendable {
    struct Phase: Encodable, Sendable {
        let rate: Double
        let seconds: Double
        let statuses: [String: Int]
        /// From when the requests were due.
        let latencyMs: [String: Latency]
        /// From when they were sent.
        let serviceMs: [String: Latency]
    }

    struct Latency: Encodable, Sendable {
        let count: UInt64
        let mean: Double
        let p50: Double
        let p95: Double
        let p99: Double
        let p999: Double
        let max: Double

        init(_ histogram: Histogram<UInt32>) {
            func milliseconds(_ percentile: Double) -> Double { Double(histogram.valueAtPercentile(percentile)) / 1000 }
            count = histogram.totalCount
            mean = histogram.mean / 1000
            p50 = milliseconds(50)
            p95 = milliseconds(95)
            p99 = milliseconds(99)
            p999 = milliseconds(99.9)
            max = Double(histogram.max) / 1000
        }
    }

    let due: Int
    /// Fewer than were due when every connection was busy to the end.
    let sent: Int
    let answered: Int
    /// Requests whose connection ended before the answer.
    let lost: Int
    let phases: [Phase]
    /// What was sent, and the answers that came, by the second.
    let timeline: [[String: Int]]
}
