/// A series' labels, in the shape that Prometheus reads: names made valid, values escaped, sorted by name.
struct MetricLabels: Hashable, Comparable, Sendable {
    /// `method="ach",status="settled"`, without braces; empty without labels.
    let text: String

    /// When two names become the same, the first of them stays.
    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            let name = Self.valid(name)
            if values[name] == nil { values[name] = value }
        }
        text = values.sorted { $0.key < $1.key }.map(Self.pair).joined(separator: ",")
    }

    /// The same labels and one more, which comes last.
    func text(with name: String, _ value: String) -> String {
        (text.isEmpty ? "" : text + ",") + Self.pair(name, value)
    }

    static func < (left: MetricLabels, right: MetricLabels) -> Bool {
        left.text < right.text
    }

    private static func pair(_ name: String, _ value: String) -> String {
        "\(name)=\"\(PrometheusText.escaped(value))\""
    }

    /// A name that Prometheus accepts; `le` belongs to histograms, and a leading `__` to Prometheus itself.
    private static func valid(_ name: String) -> String {
        let valid = MetricName.valid(name, allowsColon: false)
        return valid == "le" || valid.hasPrefix("__") ? "label_" + valid : valid
    }
}

/// Makes names valid for Prometheus, and regular: a counter ends in `_total`, a duration in `_seconds`.
enum MetricName {
    static func counter(_ label: String) -> String { ending(label, "_total") }
    static func timer(_ label: String) -> String { ending(label, "_seconds") }
    static func other(_ label: String) -> String { valid(label, allowsColon: true) }

    private static func ending(_ label: String, _ suffix: String) -> String {
        let name = other(label)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; anything else becomes an underscore.
    static func valid(_ label: String, allowsColon: Bool) -> String {
        let name = String(label.map { isValid($0) || (allowsColon && $0 == ":") ? $0 : "_" })
        guard let first = name.first else { return "_" }
        return first.isNumber ? "_" + name : name
    }

    private static func isValid(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}
