/// Why a value does not fit a record's field.
package struct NachaValueError: Error, Hashable, Sendable {
    /// The field's name as in Appendix Three of the Nacha Operating Rules.
    package let field: String
    package let rule: BreachRule

    init(_ field: Field, _ rule: BreachRule) {
        self.field = field.name
        self.rule = rule
    }
}

extension NachaValueError: CustomStringConvertible {
    package var description: String { "\(field): \(rule)" }
}
