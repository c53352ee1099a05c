/// One departure of a file from the Nacha format, with its place.
package struct Breach: Error, Hashable, Sendable {
    /// The line, counted from 1. In a file without line breaks, every 94 bytes count as a line.
    package let line: Int
    /// The first column that is wrong, counted from 1.
    package let column: Int
    /// The field's name in the Nacha Operating Rules, or `record`.
    package let field: String
    package let rule: BreachRule

    init(line: Int, column: Int, field: String, rule: BreachRule) {
        self.line = line
        self.column = column
        self.field = field
        self.rule = rule
    }

    init(line: Int, _ field: Field, _ rule: BreachRule) {
        self.init(line: line, column: field.column, field: field.name, rule: rule)
    }
}

extension Breach: CustomStringConvertible {
    /// The place and the rule. The text contains no account number and no name.
    package var description: String { "line \(line), column \(column), \(field): \(rule)" }
}
