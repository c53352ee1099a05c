/// How long a caller's text may be, and that it can be kept at all.
package struct TextLimit: Sendable {
    package let field: String
    /// In Unicode scalars, which is also how Postgres counts characters.
    package let longest: Int
    /// What the text is, for the message: "description", "name", "key".
    package let subject: String

    package init(field: String, longest: Int, subject: String) {
        self.field = field
        self.longest = longest
        self.subject = subject
    }

    /// What is wrong with the text. Postgres cannot keep the character NUL, so it is refused here by name.
    package func problems(_ text: String) -> [FieldError] {
        var problems: [FieldError] = []
        if text.unicodeScalars.count > longest {
            problems.append(
                FieldError(
                    field: field, code: "TOO_LONG", message: "Send a \(subject) of at most \(longest) characters."))
        }
        if text.utf8.contains(0) {
            problems.append(
                FieldError(
                    field: field, code: "INVALID_CHARACTER", message: "Remove the NUL character from the \(subject)."))
        }
        return problems
    }
}
