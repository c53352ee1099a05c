import PaymentLinks

/// What a caller prefers of the wait for an outcome. (RFC 7240)
package struct Preferences: Sendable, Hashable {
    /// The longest that any request waits.
    package static let longestWait = Duration.seconds(30)

    /// `wait=N`, cut to 30 seconds.
    package private(set) var wait: Duration?
    /// `respond-async`: answer as soon as the job is accepted, unless a wait is given too.
    package private(set) var respondsAsync = false

    /// Reads every `Prefer` field; what is not understood is ignored, as the standard has it.
    package init(_ fields: [String]) {
        for preference in fields.flatMap({ $0.split(separator: ",") }) { read(preference) }
    }

    /// How long to wait for an outcome.
    package func wait(default: Duration) -> Duration {
        wait ?? (respondsAsync ? .zero : `default`)
    }

    /// The value of `Preference-Applied`; `nil` when nothing was asked for.
    package var applied: String? {
        if let wait { return "wait=\(wait.components.seconds)" }
        return respondsAsync ? "respond-async" : nil
    }

    private mutating func read(_ preference: Substring) {
        let token = preference.prefix { $0 != ";" }
        let parts = token.split(separator: "=", maxSplits: 1).map(Self.trimmed)
        switch (parts.first?.asciiLowercased, parts.count) {
        case ("respond-async", 1): respondsAsync = true
        case ("wait", 2) where wait == nil: wait = Self.seconds(parts[1])
        default: break
        }
    }

    private static func seconds(_ text: Substring) -> Duration? {
        let digits = text.first == "\"" && text.last == "\"" && text.count >= 2 ? text.dropFirst().dropLast() : text
        guard !digits.isEmpty, digits.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
            return nil
        }
        return min(.seconds(Int64(digits) ?? .max), longestWait)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
}
