extension Settings {
    /// The value in the environment or the default, in its form; nil when there is neither.
    package func optionalString(_ setting: Setting) throws(ConfigurationError) -> String? {
        try check([setting])
        return given(setting) ?? setting.defaultValue
    }

    /// Like every accessor below, throws when the value is absent without a default, or has not the setting's form.
    package func string(_ setting: Setting) throws(ConfigurationError) -> String {
        guard let value = try optionalString(setting) else {
            throw ConfigurationError([.init(missing: setting)])
        }
        return value
    }

    package func int(_ setting: Setting) throws(ConfigurationError) -> Int {
        try value(setting) { Int($0) }
    }

    /// `nil` when the value is absent and depends on something else.
    package func optionalInt(_ setting: Setting) throws(ConfigurationError) -> Int? {
        try optionalString(setting) == nil ? nil : int(setting)
    }

    package func duration(_ setting: Setting) throws(ConfigurationError) -> Duration {
        try value(setting) { Duration(setting: $0) }
    }

    /// At least one.
    package func durations(_ setting: Setting) throws(ConfigurationError) -> [Duration] {
        try value(setting) { SettingText.durations($0) }
    }

    package func bool(_ setting: Setting) throws(ConfigurationError) -> Bool {
        try value(setting) { Bool($0) }
    }

    package func port(_ setting: Setting) throws(ConfigurationError) -> Int {
        try value(setting) { UInt16($0).map(Int.init) }
    }

    package func optionalPort(_ setting: Setting) throws(ConfigurationError) -> Int? {
        try optionalString(setting) == nil ? nil : port(setting)
    }

    /// The items of a comma-separated list; none when it is empty.
    package func list(_ setting: Setting) throws(ConfigurationError) -> [String] {
        let text = try optionalString(setting) ?? ""
        return text.isEmpty ? [] : SettingText.list(text)
    }

    /// 32 bytes.
    package func key(_ setting: Setting) throws(ConfigurationError) -> [UInt8] {
        try value(setting) { SettingText.key($0) }
    }

    /// At least one key. The first is for new values, all of them open old ones.
    package func namedKeys(_ setting: Setting) throws(ConfigurationError) -> [NamedKey] {
        try value(setting) { SettingText.namedKeys($0) }
    }

    /// The names and bytes of keys, in their order; those of the second setting if the first is absent, and none if
    /// both are.
    package func keyPairs(
        _ setting: Setting, or other: Setting? = nil
    ) throws(ConfigurationError) -> [(name: String, key: [UInt8])] {
        if given(setting) != nil { return try namedKeys(setting).map { (name: $0.id, key: $0.bytes) } }
        guard let other else { return [] }
        return try keyPairs(other)
    }

    /// The word, as the case of an enumeration that has the same words as the setting's choice.
    package func choice<Choice: RawRepresentable<String>>(
        _ setting: Setting, as type: Choice.Type = Choice.self
    ) throws(ConfigurationError) -> Choice {
        try value(setting) { Choice(rawValue: $0) }
    }

    /// The value as its reader understands it; what the reader throws becomes an error that names the variable.
    ///
    /// - Parameter reason: what is wrong, in words that show no secret.
    package func read<Value, Failure: Error>(
        _ setting: Setting, as parse: (String) throws(Failure) -> Value, reason: (Failure) -> String
    ) throws(ConfigurationError) -> Value {
        let text = try string(setting)
        do throws(Failure) {
            return try parse(text)
        } catch {
            throw ConfigurationError(setting, message: "\(setting.name) cannot be used: \(reason(error))")
        }
    }

    private func value<Value>(
        _ setting: Setting, _ parse: (String) -> Value?
    ) throws(ConfigurationError) -> Value {
        let text = try string(setting)
        guard let value = parse(text) else {
            throw ConfigurationError([.init(setting, value: text)])
        }
        return value
    }
}
