/// One environment variable: its name, what it is for, what it must look like, and what holds when it is absent.
///
/// The settings in `Setting+All.swift` are the only description of them there is: `--help`, `docs/configuration.md`,
/// and the checks at start are all made from it.
package struct Setting: Sendable, Hashable {
    /// What holds when the variable is absent or empty.
    package enum Fallback: Sendable, Hashable {
        /// The process does not start without it.
        case required
        /// This value, as it would stand in the environment.
        case value(String)
        /// A value that depends on something else, described for people.
        case computed(String)
    }

    package let name: String
    /// One line for people: what it decides. The form and the default stand beside it and are not repeated in it.
    package let summary: String
    package let form: Form
    package let fallback: Fallback
    /// A secret's value is never shown, not even where it is wrong.
    package let isSecret: Bool

    package init(_ name: String, _ form: Form, _ fallback: Fallback, isSecret: Bool = false, _ summary: String) {
        self.name = name
        self.form = form
        self.fallback = fallback
        self.isSecret = isSecret
        self.summary = summary
    }

    /// The value that holds when the variable is absent; nil when it is required or depends on something else.
    package var defaultValue: String? {
        if case .value(let value) = fallback { value } else { nil }
    }
}

extension Setting {
    /// Settings that belong together, under one heading.
    package struct Group: Sendable {
        package let title: String
        package let settings: [Setting]
    }
}
