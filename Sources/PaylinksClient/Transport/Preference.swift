/// Writes the `Prefer` header (RFC 7240).
package enum Preference {
    /// The longest time that the API waits, in seconds.
    private static let longestWait: Int64 = 30

    /// Whole seconds, rounded up, at most 30. Zero and less ask for an immediate response.
    package static func text(wait: Duration) -> String {
        if wait <= .zero { return "respond-async" }
        if wait >= .seconds(longestWait) { return "wait=\(longestWait)" }
        let (seconds, attoseconds) = wait.components
        return "wait=\(attoseconds > 0 ? seconds + 1 : seconds)"
    }
}
