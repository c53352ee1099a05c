package import PaymentLinks

/// A request that cannot be understood or is not allowed to say what it says, with every wrong field at once.
package struct InvalidRequest: Error, Sendable, Hashable {
    /// Never empty.
    package let fields: [FieldError]

    package init(_ fields: [FieldError]) {
        self.fields = fields
    }

    package init(field: String, code: String, message: String) {
        fields = [FieldError(field: field, code: code, message: message)]
    }

    /// `INVALID_AMOUNT` when the amount alone is wrong, `VALIDATION_ERROR` otherwise.
    package var code: ErrorCode {
        fields.allSatisfy { $0.field == "amount" } ? .invalidAmount : .validationError
    }

    /// The one problem itself, or how many there are.
    package var message: String {
        guard fields.count == 1, let only = fields.first else {
            return "\(fields.count) fields are wrong; details.fields says what each must be."
        }
        return only.sentence
    }
}

/// A method that a path does not know, with those that it does.
package struct MethodNotAllowed: Error, Sendable, Hashable {
    /// As the `Allow` field lists them. (RFC 9110, section 10.2.1)
    package let allowed: String
    /// What the caller may have meant, as a sentence.
    package var hint: String?
}
