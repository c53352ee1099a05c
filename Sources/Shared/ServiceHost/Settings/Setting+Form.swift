extension Setting {
    /// What a value must look like.
    package enum Form: Sendable, Hashable {
        case text
        case integer(ClosedRange<Int>)
        /// A whole number and a unit: `250ms`, `10s`, `5m`, `24h`, `7d`.
        case duration(ClosedRange<Duration>)
        /// Such durations, separated by commas, none longer than this: pauses before something that is done at once the
        /// first time, so that the first is zero.
        case schedule(longest: Duration)
        case boolean
        case choice([String])
        /// Any of these words, separated by commas.
        case choices([String])
        /// An address that starts with one of these schemes and `://`.
        case url(schemes: [String])
        /// Such addresses, separated by commas.
        case urls(schemes: [String])
        /// A TCP port; 0 takes any free one.
        case port
        /// 32 bytes in base64.
        case key
        /// `id:key` pairs, separated by commas.
        case namedKeys
        /// IP addresses or networks (`10.0.0.0/8`), separated by commas.
        case networks
        /// An amount of money: digits, and at most two decimals.
        case amount
        /// 20 bytes in hexadecimal, after `0x`.
        case evmAddress
    }
}

extension Setting.Form {
    /// What is wanted, to stand after "must be".
    package var wanted: String {
        switch self {
        case .text: "text"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "a whole number and ms, s, m, h or d, from \(range.lowerBound.setting) to \(range.upperBound.setting)"
        case .schedule(let longest):
            "a comma-separated list of durations, each a whole number and ms, s, m, h or d, the first 0s and none above "
                + longest.setting
        case .boolean: "true or false"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .choices(let words): "a comma-separated list of " + words.joined(separator: ", ")
        case .url(let schemes): "an address that starts with " + Self.alternatives(schemes)
        case .urls(let schemes): "a comma-separated list of addresses that start with " + Self.alternatives(schemes)
        case .port: "a port from 0 to 65535, where 0 takes any free one"
        case .key: "32 bytes in base64"
        case .namedKeys: "a comma-separated list of id:key pairs, each key 32 bytes in base64"
        case .networks: "a comma-separated list of IP addresses or networks, like 10.0.0.0/8"
        case .amount: "an amount with at most two decimals, like 1000000.00"
        case .evmAddress: "0x and 40 hexadecimal digits"
        }
    }

    private static func alternatives(_ schemes: [String]) -> String {
        schemes.map { $0 + "://" }.joined(separator: " or ")
    }

    /// Whether a value, which is not empty, has this form.
    package func accepts(_ value: String) -> Bool {
        switch self {
        case .text: true
        case .integer(let range): Int(value).map(range.contains) ?? false
        case .duration(let range): Duration(setting: value).map(range.contains) ?? false
        case .schedule(let longest): SettingText.isSchedule(value, longest: longest)
        case .boolean: Bool(value) != nil
        case .choice(let words): words.contains(value)
        case .choices(let words): SettingText.list(value).allSatisfy(words.contains)
        case .url(let schemes): SettingText.isURL(value, schemes: schemes)
        case .urls(let schemes): SettingText.list(value).allSatisfy { SettingText.isURL($0, schemes: schemes) }
        case .port: UInt16(value) != nil
        case .key: SettingText.key(value) != nil
        case .namedKeys: SettingText.namedKeys(value) != nil
        case .networks: SettingText.list(value).allSatisfy(SettingText.isNetwork)
        case .amount: SettingText.isAmount(value)
        case .evmAddress: SettingText.isEVMAddress(value)
        }
    }
}
