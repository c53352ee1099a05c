/// A request or a claim that was decided against, in the words that its sender will read.
package struct Refusal: Error, Codable, Sendable, Hashable {
    package let code: ErrorCode
    /// A sentence for people that says what to do.
    package let message: String
    /// Facts for programs, as the contract lists them for some codes.
    package let details: [String: String]?

    package init(code: ErrorCode, message: String, details: [String: String]? = nil) {
        self.code = code
        self.message = message
        self.details = details
    }
}
