/// The bounds of what a creator may put into a link; each check stands alone, so that all problems are named at once.
///
/// The recipients' and the metadata's own bounds are with their types.
package enum LinkLimits {
    package static let longestDescription = 1024
    /// Ten years, leap days included, so that a date ten years ahead is never refused.
    package static let longestLife: Duration = .seconds(3653 * 86_400)

    package static func problems(description: String) -> [FieldError] {
        TextLimit(field: "description", longest: longestDescription, subject: "description").problems(description)
    }

    /// What is wrong with an expiry, seen from `now`.
    package static func problems(expiresAt: Timestamp, at now: Timestamp) -> [FieldError] {
        if expiresAt <= now { return [hasPassed] }
        if expiresAt > now.advanced(by: longestLife) {
            return [FieldError(field: "expiresAt", code: "TOO_FAR", message: "Send a time at most 10 years ahead.")]
        }
        return []
    }

    static let hasPassed = FieldError(field: "expiresAt", code: "NOT_IN_FUTURE", message: "Send a time in the future.")
}
