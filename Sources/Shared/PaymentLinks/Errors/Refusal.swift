/// A request or a claim that was decided against, in the words that its sender will read.
package struct Refusal: Error, Codable, Sendable, Hashable {
    package let code: ErrorCode
    /// A sentence for people that says what to do.
    package let message: String
    /// Facts for programs, as the contract lists them for some codes.
    package let details: [String: String]?
    /// The wrong fields of a validation that only the worker could make.
    package let fields: [FieldError]?

    package init(
        code: ErrorCode, message: String, details: [String: String]? = nil, fields: [FieldError]? = nil
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.fields = fields
    }

    /// A request that one wrong field spoils.
    package init(_ problem: FieldError) {
        self.init(code: .validationError, message: problem.sentence, fields: [problem])
    }
}
