/// What is wrong with the environment, every wrong variable at once.
package struct ConfigurationError: Error, Sendable, Hashable {
    /// One wrong variable.
    package struct Problem: Sendable, Hashable {
        /// Its name, `PAYLINKS_…`.
        package let variable: String
        /// What is wrong and what is wanted, as a sentence for people. It never shows a secret.
        package let message: String
    }

    package let problems: [Problem]

    package init(_ problems: [Problem]) {
        self.problems = problems
    }

    /// For a value that has the right form and is still wrong, in a way that only its reader can find.
    package init(_ setting: Setting, message: String) {
        problems = [Problem(variable: setting.name, message: message)]
    }
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String {
        problems.map(\.message).joined(separator: "; ")
    }
}

extension ConfigurationError.Problem {
    init(missing setting: Setting) {
        variable = setting.name
        message = "\(setting.name) is not set; set it to \(setting.form.wanted): \(setting.summary)"
    }

    init(_ setting: Setting, value: String) {
        variable = setting.name
        let shown = setting.isSecret ? "does not have the right form" : "is \"\(value.prefix(80))\""
        message = "\(setting.name) \(shown); it must be \(setting.form.wanted)"
    }
}
