import Nacha

/// Prints the fields of rows as JSON, one row a line, for comparison with other readers.
enum RowValues {
    static func print(_ events: [ReadEvent]) {
        for event in events {
            switch event {
            case .row(let row): Swift.print(json(row))
            case .breach(let breach): Swift.print("{\"breach\": \(quoted("\(breach)"))}")
            }
        }
    }

    private static func json(_ row: Row) -> String {
        guard let layout = row.record?.layout else { return "{\"line\": \(row.line), \"layout\": null}" }
        let fields = layout.fields.map { field in
            let value = String(decoding: row.columns[field.column - 1..<field.lastColumn], as: UTF8.self)
            return "[\(quoted(field.name)), \(field.column), \(field.length), \(quoted(value))]"
        }
        let list = fields.joined(separator: ", ")
        return "{\"line\": \(row.line), \"layout\": \(quoted(layout.rawValue)), \"fields\": [\(list)]}"
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
