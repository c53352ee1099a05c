import PaymentLinks

/// A JSON value as a caller sent it, before anything is asked of it.
package enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// A number beyond what a `Double` can hold, as `1e999`: of no use to any field.
    case hugeNumber
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue {
    /// Reads one object; anything else that is well-formed names the body itself as the wrong field.
    package static func object(from bytes: [UInt8]) throws -> [String: JSONValue] {
        guard let document = try? JSONDocument(bytes) else { throw Refusal.invalidJSON }
        if let field = StreamSafeText.breach(in: document, bytes) {
            throw InvalidRequest(
                field: field.isEmpty ? "body" : field, code: "INVALID_TEXT",
                message: "Send text with at most \(StreamSafeText.longestRun) combining marks in a row.")
        }
        guard case .object(let fields) = JSONValue(document.root) else {
            throw InvalidRequest(field: "body", code: "NOT_AN_OBJECT", message: "Send a JSON object: {…}.")
        }
        return fields
    }

    private init(_ element: JSONElement) {
        self = Self.plain(element) ?? Self.container(element) ?? .hugeNumber
    }

    private static func plain(_ element: JSONElement) -> JSONValue? {
        if let string = element.string { return .string(string) }
        if element.isNull { return .null }
        if let boolean = element.boolean { return .boolean(boolean) }
        if let integer = element.integer { return .integer(integer) }
        // A whole number may be written with a fraction of zeros, as in 5.0.
        return element.number.map { number in Int64(exactly: number).map(JSONValue.integer) ?? .number(number) }
    }

    private static func container(_ element: JSONElement) -> JSONValue? {
        if let elements = element.elements { return .array(elements.map(JSONValue.init)) }
        guard let members = element.members else { return nil }
        var fields: [String: JSONValue] = [:]
        for (name, value) in members { fields[name] = JSONValue(value) }
        return .object(fields)
    }
}

extension MetadataValue {
    /// `nil` for what metadata cannot hold: null, arrays, objects, and numbers beyond any bounds.
    init?(_ value: JSONValue) {
        switch value {
        case .string(let string): self = .string(string)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .boolean(let boolean): self = .boolean(boolean)
        case .null, .array, .object, .hugeNumber: return nil
        }
    }
}
