import Configuration
import Foundation

/// The process's environment, read through the table of settings.
///
/// An empty variable counts as absent, because that is how a compose file passes on one that its user left out.
package struct Settings: Sendable {
    private let reader: ConfigReader
    private let names: Set<String>

    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
        names = Set(environment.keys)
    }

    /// Checks all of these at once, so that one start tells everything that is wrong.
    package func check(_ settings: [Setting]) throws(ConfigurationError) {
        let problems = settings.compactMap(problem)
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// Variables that look like ours and are in no table: most likely misspelt.
    package var unknownNames: [String] {
        let known = Set(Setting.all.map(\.name))
        return names.filter { $0.hasPrefix("PAYLINKS_") && !known.contains($0) }.sorted()
    }

    /// What the environment says; nil when it says nothing. It is not checked against the form.
    func given(_ setting: Setting) -> String? {
        let parts = setting.name.lowercased().split(separator: "_").map(String.init)
        let value = reader.string(forKey: ConfigKey(parts), isSecret: setting.isSecret)
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func problem(with setting: Setting) -> ConfigurationError.Problem? {
        guard let value = given(setting) else {
            return setting.fallback == .required ? ConfigurationError.Problem(missing: setting) : nil
        }
        return setting.form.accepts(value) ? nil : ConfigurationError.Problem(setting, value: value)
    }
}
