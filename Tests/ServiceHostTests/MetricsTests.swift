import CoreMetrics
import ServiceHost
import Testing

@Suite("Metrics")
struct MetricsTests {
    private let registry = MetricsRegistry()

    /// What the registry shows of one metric.
    private func samples(_ name: String) -> [String] {
        registry.text().split(separator: "\n").map(String.init).filter { line in
            line.hasPrefix(name) || line.hasPrefix("# TYPE \(name) ") || line.hasPrefix("# HELP \(name) ")
        }
    }

    @Test("A counter ends in _total, and one name and label set is one series")
    func counters() {
        Counter(label: "paylinks_claims", dimensions: [("method", "ach")], factory: registry).increment()
        Counter(label: "paylinks_claims_total", dimensions: [("method", "ach")], factory: registry).increment(by: 2)
        Counter(label: "paylinks_claims", dimensions: [("method", "usdc")], factory: registry).increment()
        #expect(
            samples("paylinks_claims_total") == [
                "# TYPE paylinks_claims_total counter",
                "paylinks_claims_total{method=\"ach\"} 3",
                "paylinks_claims_total{method=\"usdc\"} 1",
            ])
    }

    @Test("The order of labels makes no difference")
    func labelOrder() {
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        #expect(samples("c_total{") == ["c_total{a=\"1\",b=\"2\"} 2"])
    }

    @Test("Gauges are set and go up and down")
    func gauges() {
        let meter = Meter(label: "paylinks_in_flight", factory: registry)
        meter.set(5)
        meter.increment(by: 2.5)
        meter.decrement()
        Gauge(label: "paylinks_lag", factory: registry).record(-0.25)
        #expect(samples("paylinks_in_flight") == ["# TYPE paylinks_in_flight gauge", "paylinks_in_flight 6.5"])
        #expect(samples("paylinks_lag") == ["# TYPE paylinks_lag gauge", "paylinks_lag -0.25"])
    }

    @Test("A timer is a histogram in seconds: buckets add up, the last holds all, a bound belongs to its bucket")
    func timers() {
        let timer = Timer(label: "paylinks_commit", dimensions: [("role", "r")], factory: registry)
        timer.recordMilliseconds(1)
        timer.recordMicroseconds(1_001)
        timer.recordSeconds(2)
        timer.recordSeconds(3_600)
        #expect(
            samples("paylinks_commit_seconds") == [
                "# TYPE paylinks_commit_seconds histogram",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.0005\"} 0",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.001\"} 1",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.0025\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.005\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.01\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.025\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.05\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.1\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.25\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"0.5\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"1\"} 2",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"2.5\"} 3",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"5\"} 3",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"10\"} 3",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"30\"} 3",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"60\"} 3",
                "paylinks_commit_seconds_bucket{role=\"r\",le=\"+Inf\"} 4",
                "paylinks_commit_seconds_sum{role=\"r\"} 3602.002001",
                "paylinks_commit_seconds_count{role=\"r\"} 4",
            ])
    }

    @Test("A recorder counts sizes, without labels too")
    func recorders() {
        let recorder = Recorder(label: "paylinks_batch_size", factory: registry)
        recorder.record(256)
        recorder.record(257)
        let lines = samples("paylinks_batch_size")
        #expect(lines.contains("paylinks_batch_size_bucket{le=\"128\"} 0"))
        #expect(lines.contains("paylinks_batch_size_bucket{le=\"256\"} 1"))
        #expect(lines.contains("paylinks_batch_size_bucket{le=\"512\"} 2"))
        #expect(lines.suffix(2) == ["paylinks_batch_size_sum 513", "paylinks_batch_size_count 2"])
    }

    @Test(
        "A label's value is escaped",
        arguments: [
            (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#), ("a\r\nb", "a\r\\nb"), ("é🎉", "é🎉"), ("", ""),
        ])
    func escapes(value: String, escaped: String) {
        Counter(label: "c", dimensions: [("l", value)], factory: registry).increment()
        #expect(registry.text().contains("c_total{l=\"\(escaped)\"} 1\n"))
    }

    @Test(
        "A name that Prometheus would refuse is made valid",
        arguments: [
            ("http.server.requests", "http_server_requests_total"), ("9lives", "_9lives_total"), ("a:b", "a:b_total"),
            ("ü-x", "__x_total"), ("", "__total"),
        ])
    func names(label: String, name: String) {
        Counter(label: label, factory: registry).increment()
        #expect(registry.text().contains("\n\(name) 1\n"))
    }

    @Test("Label names are made valid, and those that Prometheus keeps for itself are moved aside")
    func labelNames() {
        let dimensions = [("le", "1"), ("__name__", "x"), ("a.b", "2"), ("a:b", "3")]
        Counter(label: "c", dimensions: dimensions, factory: registry).increment()
        #expect(samples("c_total{") == [#"c_total{a_b="2",label___name__="x",label_le="1"} 1"#])
    }

    @Test("The number of series is bounded, and what is beyond it is counted")
    func bounded() {
        let registry = MetricsRegistry(maximumSeries: 2)
        let counters = (0..<5).map { Counter(label: "c", dimensions: [("n", "\($0)")], factory: registry) }
        for counter in counters { counter.increment() }
        let text = registry.text()
        #expect(text.contains("c_total{n=\"1\"} 1\n"))
        #expect(!text.contains("n=\"2\""))
        #expect(text.contains("paylinks_metrics_dropped_series_total 3\n"))
    }

    @Test("A name that is already something else is not shown twice")
    func conflicts() {
        Counter(label: "x_total", factory: registry).increment()
        Gauge(label: "x_total", factory: registry).record(7)
        FloatingPointCounter(label: "x_total", factory: registry).increment(by: 0.5)
        #expect(samples("x_total") == ["# TYPE x_total counter", "x_total 1"])
        #expect(registry.text().contains("paylinks_metrics_dropped_series_total 2\n"))
    }

    @Test("A destroyed metric is gone and leaves room")
    func destroyed() {
        let registry = MetricsRegistry(maximumSeries: 1)
        let first = Counter(label: "a", factory: registry)
        first.destroy()
        Counter(label: "b", factory: registry).increment()
        #expect(!registry.text().contains("a_total"))
        #expect(registry.text().contains("b_total 1\n"))
    }

    @Test("Help is shown, escaped")
    func help() {
        registry.describe("c_total", "a \\ b\nc \"d\"")
        Counter(label: "c", factory: registry).increment()
        #expect(samples("c_total").first == #"# HELP c_total a \\ b\nc "d""#)
    }

    @Test("Nothing is lost when many tasks record at once")
    func concurrent() async {
        let counter = Counter(label: "c", factory: registry)
        let sum = FloatingPointCounter(label: "f", factory: registry)
        let timer = Timer(label: "t", factory: registry)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50_000 { sum.increment(by: 0.5) }
                    for _ in 0..<2_000 { counter.increment() }
                    for _ in 0..<2_000 { timer.recordSeconds(1) }
                }
            }
        }
        let text = registry.text()
        #expect(text.contains("\nc_total 16000\n"))
        #expect(text.contains("\nf_total 200000\n"))
        #expect(text.contains("\nt_seconds_sum 16000\n"))
        #expect(text.contains("\nt_seconds_count 16000\n"))
    }
}
