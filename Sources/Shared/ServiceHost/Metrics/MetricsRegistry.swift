package import CoreMetrics
import Synchronization

/// Keeps every metric of the process and shows them to Prometheus.
///
/// Making a metric takes a lock and finds the one with the same name and labels, if there is one; recording into it
/// takes none. Make metrics once and keep them. The number of series is bounded: beyond it, and where a name is
/// already something else, a metric works but is not shown, and `paylinks_metrics_dropped_series_total` counts it.
package final class MetricsRegistry: MetricsFactory, Sendable {
    private struct Family {
        let kind: PrometheusText.Kind
        var series: [MetricLabels: any MetricSeries] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var help: [String: String] = [:]
        var seriesCount = 0
    }

    package static let defaultMaximumSeries = 5_000

    private let maximumSeries: Int
    private let state = Mutex(State())
    private let dropped = CounterSeries()

    package init(maximumSeries: Int = defaultMaximumSeries) {
        self.maximumSeries = maximumSeries
    }

    /// Says what a metric is, for `# HELP`. The name is the one that Prometheus sees.
    package func describe(_ name: String, _ help: String) {
        state.withLock { $0.help[name] = help }
    }

    /// Everything, as Prometheus reads it, sorted by name.
    package func text() -> String {
        let (families, help) = state.withLock { ($0.families, $0.help) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            PrometheusText.appendHead(name, family.kind, help: help[name], to: &text)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name: name, labels: labels, to: &text)
            }
        }
        let name = "paylinks_metrics_dropped_series_total"
        PrometheusText.appendHead(name, .counter, help: "Metrics that were made and are not shown.", to: &text)
        dropped.write(name: name, labels: MetricLabels([]), to: &text)
        return text
    }

    /// The series with this name and these labels, made if need be.
    private func series<Series: MetricSeries>(
        _ name: String, _ kind: PrometheusText.Kind, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let labels = MetricLabels(dimensions)
        let found = state.withLock { state -> Series? in
            var family = state.families[name] ?? Family(kind: kind)
            if let existing = family.series[labels] { return existing as? Series }
            guard family.kind == kind, state.seriesCount < maximumSeries else { return nil }
            let series = make()
            family.series[labels] = series
            state.families[name] = family
            state.seriesCount += 1
            return series
        }
        if let found { return found }
        dropped.increment(by: 1)
        return make()
    }

    /// Forgets a series, and its family with the last of them.
    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                state.families[name]?.series[labels] = nil
                if family.series.count == 1 { state.families[name] = nil }
                state.seriesCount -= 1
                return
            }
        }
    }
}

extension MetricsRegistry {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(MetricName.counter(label), .counter, dimensions) { CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(MetricName.counter(label), .counter, dimensions) { GaugeSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(MetricName.other(label), .gauge, dimensions) { GaugeSeries() }
    }

    /// A gauge, or a histogram when it aggregates: of seconds if the label ends so, else of sizes.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let name = MetricName.other(label)
        guard aggregate else { return series(name, .gauge, dimensions) { GaugeSeries() } }
        let isDuration = name.hasSuffix("_seconds")
        let bounds = isDuration ? HistogramSeries.durationBounds : HistogramSeries.sizeBounds
        return series(name, .histogram, dimensions) { HistogramSeries(bounds: bounds) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(MetricName.timer(label), .histogram, dimensions) {
            HistogramSeries(bounds: HistogramSeries.durationBounds)
        }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
