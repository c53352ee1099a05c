package import Logging

/// One log event, ready to be written.
package struct LogLine: Sendable {
    package let time: String
    package let level: Logger.Level
    package let role: String
    package let message: String
    package let metadata: Logger.Metadata

    package init(time: String, level: Logger.Level, role: String, message: String, metadata: Logger.Metadata) {
        self.time = time
        self.level = level
        self.role = role
        self.message = message
        self.metadata = metadata
    }
}

/// How log lines look.
package enum LogFormat: String, Sendable {
    /// One JSON object a line: `time`, `level`, `role`, `message`, then the metadata beside them.
    case json
    /// For people: `12:00:00.000 info  claim-worker  service started  port=8080`.
    case text

    /// The line, with its end.
    package func render(_ line: LogLine) -> String {
        switch self {
        case .json: line.json
        case .text: line.text
        }
    }
}

extension LogLine {
    private static let reservedKeys: Set = ["time", "level", "role", "message"]

    fileprivate var json: String {
        var text = "{"
        for (key, value) in [("time", time), ("level", level.rawValue), ("role", role), ("message", message)] {
            if text.utf8.count > 1 { text.append(",") }
            JSONText.append(key: key, to: &text)
            JSONText.append(value, to: &text)
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            text.append(",")
            JSONText.append(key: Self.reservedKeys.contains(key) ? "metadata_" + key : key, to: &text)
            Self.append(value, to: &text)
        }
        return text + "}\n"
    }

    private static func append(_ value: Logger.MetadataValue, to text: inout String) {
        switch value {
        case .string(let string): JSONText.append(string, to: &text)
        case .stringConvertible(let value): append(value, to: &text)
        case .array(let values): append(values, to: &text)
        case .dictionary(let values): append(values, to: &text)
        }
    }

    /// Whole numbers and Booleans keep their kind, so that a log reader can compare them.
    private static func append(_ value: any CustomStringConvertible, to text: inout String) {
        if value is any FixedWidthInteger || value is Bool {
            text.append(value.description)
        } else {
            JSONText.append(value.description, to: &text)
        }
    }

    private static func append(_ values: [Logger.MetadataValue], to text: inout String) {
        text.append("[")
        for (index, value) in values.enumerated() {
            if index > 0 { text.append(",") }
            append(value, to: &text)
        }
        text.append("]")
    }

    private static func append(_ values: Logger.Metadata, to text: inout String) {
        text.append("{")
        for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { text.append(",") }
            JSONText.append(key: key, to: &text)
            append(value, to: &text)
        }
        text.append("}")
    }

    fileprivate var text: String {
        let fields = metadata.sorted { $0.key < $1.key }.map { "  \($0.key)=\(Self.visible($0.value.description))" }
        let label = level.rawValue.padding(to: 8)
        return "\(time) \(label) \(role)  \(Self.visible(message))\(fields.joined())\n"
    }

    /// A value of somebody else's must not be able to start a line of its own, or to speak to the terminal.
    private static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: \.isLineBreakOrControl) else { return text }
        var quoted = ""
        JSONText.append(text, to: &quoted)
        return quoted
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension Unicode.Scalar {
    fileprivate var isLineBreakOrControl: Bool {
        properties.generalCategory == .control || self == "\u{2028}" || self == "\u{2029}"
    }
}
