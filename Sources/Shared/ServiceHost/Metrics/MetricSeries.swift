import CoreMetrics
import Synchronization

/// One line of a metric, or one histogram: a value for one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// Appends this series' samples in Prometheus' text format.
    func write(name: String, labels: MetricLabels, to text: inout String)
}

/// A whole number that only grows; recording is one atomic add.
final class CounterSeries: CounterHandler, MetricSeries {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        count.store(0, ordering: .relaxed)
    }

    func write(name: String, labels: MetricLabels, to text: inout String) {
        PrometheusText.appendSample(name, labels.text, "\(value)", to: &text)
    }
}

/// A number that is set, or goes up and down; also a counter of fractions.
final class GaugeSeries: MeterHandler, RecorderHandler, FloatingPointCounterHandler, MetricSeries {
    private let number = AtomicDouble(0)

    var value: Double { number.value }

    func set(_ value: Int64) { number.set(Double(value)) }
    func set(_ value: Double) { number.set(value) }
    func increment(by amount: Double) { number.add(amount) }
    func decrement(by amount: Double) { number.add(-amount) }
    func record(_ value: Int64) { number.set(Double(value)) }
    func record(_ value: Double) { number.set(value) }
    func reset() { number.set(0) }

    func write(name: String, labels: MetricLabels, to text: inout String) {
        PrometheusText.appendSample(name, labels.text, PrometheusText.number(value), to: &text)
    }
}

/// How often a value fell into each bucket; recording is two atomic adds.
final class HistogramSeries: TimerHandler, RecorderHandler, MetricSeries {
    /// Upper bounds of durations, in seconds: from half a millisecond to longer than any request may take.
    static let durationBounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Upper bounds of anything else that is counted, like the size of a batch.
    static let sizeBounds: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 16384, 65536]

    private let bounds: [Double]
    /// One more than `bounds`: the last takes what is beyond them all.
    private let buckets: [CounterSeries]
    private let sum = AtomicDouble(0)

    /// - Parameter bounds: ascending.
    init(bounds: [Double]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in CounterSeries() }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        buckets[bounds.firstIndex { value <= $0 } ?? bounds.count].increment(by: 1)
        sum.add(value)
    }

    func write(name: String, labels: MetricLabels, to text: inout String) {
        var cumulative: Int64 = 0
        for (bound, bucket) in zip(bounds + [.infinity], buckets) {
            cumulative += bucket.value
            let labels = labels.text(with: "le", PrometheusText.number(bound))
            PrometheusText.appendSample(name + "_bucket", labels, "\(cumulative)", to: &text)
        }
        PrometheusText.appendSample(name + "_sum", labels.text, PrometheusText.number(sum.value), to: &text)
        PrometheusText.appendSample(name + "_count", labels.text, "\(cumulative)", to: &text)
    }
}
