import PaymentLinks

/// What a body is said to be. (RFC 9110, section 8.3.1)
enum ContentType {
    static let json = "application/json"
    static let jsonBytes = Array(json.utf8)

    /// The type in lower case, without its parameters.
    static func essence(of type: String) -> String {
        type.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.asciiLowercased
    }
}
