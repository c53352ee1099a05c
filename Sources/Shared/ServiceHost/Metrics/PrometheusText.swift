/// Prometheus' text exposition format, version 0.0.4.
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What a metric is, as `# TYPE` says it.
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    static func appendHead(_ name: String, _ kind: Kind, help: String?, to text: inout String) {
        if let help { text.append("# HELP \(name) \(escapedHelp(help))\n") }
        text.append("# TYPE \(name) \(kind.rawValue)\n")
    }

    /// - Parameter labels: without braces.
    static func appendSample(_ name: String, _ labels: String, _ value: String, to text: inout String) {
        text.append(name)
        if !labels.isEmpty { text.append("{\(labels)}") }
        text.append(" \(value)\n")
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    /// A label's value: backslash, quote and line feed are escaped.
    static func escaped(_ value: String) -> String {
        guard value.unicodeScalars.contains(where: { $0 == "\\" || $0 == "\"" || $0 == "\n" }) else { return value }
        return escape(value, quotes: true)
    }

    private static func escapedHelp(_ help: String) -> String {
        escape(help, quotes: false)
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append("\\\\")
            case "\n": escaped.append("\\n")
            case "\"" where quotes: escaped.append("\\\"")
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
