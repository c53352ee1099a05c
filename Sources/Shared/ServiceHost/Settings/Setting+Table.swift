extension Setting {
    package enum TableFormat: Sendable {
        /// For `--help`.
        case text
        /// For `docs/configuration.md`.
        case markdown
    }

    /// These settings, a variable to an entry.
    package static func table(_ settings: [Setting], format: TableFormat) -> String {
        switch format {
        case .text: settings.map(\.helpEntry).joined(separator: "\n")
        case .markdown: (markdownHead + settings.map(\.markdownRow)).joined(separator: "\n")
        }
    }

    /// The whole of `docs/configuration.md`.
    package static var document: String {
        let head = """
            # Configuration

            Every process reads its settings from environment variables, checks all of them before it does anything,
            and exits with status 78 when one is wrong, naming each wrong variable and what it must be. An empty
            variable counts as absent. `--help` of a role prints the variables that it reads.

            """
        let sections = groups.map { group in
            "## \(group.title)\n\n\(table(group.settings, format: .markdown))\n"
        }
        return ([head] + sections).joined(separator: "\n")
    }

    private var helpEntry: String {
        "  \(name) (\(defaultText))\n      \(summary).\n      Must be \(form.wanted)."
    }

    private static let markdownHead = [
        "| variable | default | what it decides | must be | read by |",
        "|---|---|---|---|---|",
    ]

    private var markdownRow: String {
        let cells = ["`\(name)`", markdownDefault, summary, form.wanted, readers]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private var defaultText: String {
        switch fallback {
        case .required: "required"
        case .value(""): "default: empty"
        case .value(let value): "default: \(value)"
        case .computed(let description): "default: \(description)"
        }
    }

    private var markdownDefault: String {
        switch fallback {
        case .required: "**required**"
        case .value(""): "empty"
        case .value(let value): "`\(value)`"
        case .computed(let description): description
        }
    }

    private var readers: String {
        let readers = Role.all.filter { $0.settings.contains(self) }
        return readers.count == Role.all.count ? "every role" : readers.map(\.name).joined(separator: ", ")
    }
}
