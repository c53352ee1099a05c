import Foundation

/// What the operating system knows of this process, read when it is asked for. (`proc(5)`)
struct ProcessMetrics: Sendable {
    private let role: Role

    init(role: Role) {
        self.role = role
    }

    /// The metrics that every Prometheus client exports, and `paylinks_build_info`. What cannot be read is left out.
    func text() -> String {
        var text = ""
        append("process_resident_memory_bytes", .gauge, "Resident memory.", Self.residentBytes, to: &text)
        append("process_cpu_seconds_total", .counter, "User and system time.", Self.processorSeconds, to: &text)
        append("process_open_fds", .gauge, "Open file descriptors.", Self.openDescriptors, to: &text)
        append(
            "process_start_time_seconds", .gauge, "Start, since the Unix epoch.", Self.startTime, to: &text)
        let labels = MetricLabels([("role", role.name), ("version", Release.version)])
        append("paylinks_build_info", .gauge, "Always 1; the labels say what runs.", 1, labels: labels, to: &text)
        return text
    }

    private func append(
        _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: Double?,
        labels: MetricLabels = MetricLabels([]), to text: inout String
    ) {
        guard let value else { return }
        PrometheusText.appendHead(name, kind, help: help, to: &text)
        PrometheusText.appendSample(name, labels.text, PrometheusText.number(value), to: &text)
    }

    /// The second field of `/proc/self/statm`, in pages.
    private static var residentBytes: Double? {
        let fields = read("/proc/self/statm")?.split(separator: " ")
        guard let fields, fields.count > 1, let pages = Double(fields[1]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static var processorSeconds: Double? {
        guard let user = statField(14), let system = statField(15) else { return nil }
        return (user + system) / ticksPerSecond
    }

    private static var openDescriptors: Double? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        // Reading the folder opens it.
        return names.map { Double($0.count - 1) }
    }

    /// The kernel counts a process's start from its own.
    private static var startTime: Double? {
        let line = read("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard let boot = line?.split(separator: " ").last.flatMap({ Double($0) }), let ticks = statField(22) else {
            return nil
        }
        return boot + ticks / ticksPerSecond
    }

    private static var ticksPerSecond: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }

    /// A field of `/proc/self/stat`, counted from 1 as in the manual. The second, a name in parentheses, may hold
    /// spaces, so counting starts behind its end.
    private static func statField(_ number: Int) -> Double? {
        guard let stat = read("/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
    }

    private static func read(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
