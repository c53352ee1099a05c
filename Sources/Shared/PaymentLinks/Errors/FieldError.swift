/// Why a value that a caller sent is not one of its type; each value's own error enum conforms.
package protocol FieldProblem: Error, Sendable {
    /// The stable code, as in `INVALID_CHECK_DIGIT`.
    var code: String { get }
    /// A sentence for people that says what to send instead. It never repeats the value.
    var message: String { get }
}

/// A problem and the field that has it: one entry of `details.fields` in a validation error.
package struct FieldError: Error, Codable, Sendable, Hashable {
    /// The path in the body, as in `destination.routingNumber`.
    package let field: String
    package let code: String
    package let message: String

    package init(field: String, code: String, message: String) {
        self.field = field
        self.code = code
        self.message = message
    }

    package init(field: String, _ problem: some FieldProblem) {
        self.init(field: field, code: problem.code, message: problem.message)
    }

    /// The whole of it for people, when it is the only one.
    package var sentence: String { "\(field): \(message)" }
}

extension JSONWriter {
    /// Problems, as callers and messages have them.
    package mutating func field(_ name: StaticString, _ problems: [FieldError]) {
        field(name, array: problems) { writer, problem in
            writer.object { writer in
                writer.field("field", problem.field)
                writer.field("code", problem.code)
                writer.field("message", problem.message)
            }
        }
    }
}
