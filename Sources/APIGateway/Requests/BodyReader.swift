package import PaymentLinks

/// Reads an object's fields one by one, and gathers everything that is wrong with them, to be told at once.
///
/// A reader returns `nil` for a field that is absent, null or wrong; `finish` throws when any was wrong. Fields that
/// nobody asks for are ignored.
package struct BodyReader: Sendable {
    private let fields: [String: JSONValue]
    /// What this object's fields are called by: empty, or the way to the object and a point.
    private let path: String
    package private(set) var problems: [FieldError] = []

    package init(_ fields: [String: JSONValue], path: String = "") {
        self.fields = fields
        self.path = path
    }

    /// Throws everything that was wrong.
    package func finish() throws(InvalidRequest) {
        guard problems.isEmpty else { throw InvalidRequest(problems) }
    }

    /// Whether the field is there at all, be it null.
    package func has(_ name: String) -> Bool { fields[name] != nil }

    /// The field as it came; `nil` when it is absent or null.
    package func value(_ name: String) -> JSONValue? {
        guard let value = fields[name], value != .null else { return nil }
        return value
    }

    /// The name that a problem with this field is told under.
    package func name(_ field: String) -> String { path + field }

    package mutating func report(_ problem: FieldError) { problems.append(problem) }

    package mutating func report(_ more: [FieldError]) { problems += more }

    package mutating func report(_ field: String, _ code: String, _ message: String) {
        report(FieldError(field: name(field), code: code, message: message))
    }

    private mutating func required(_ field: String) -> JSONValue? {
        if let value = value(field) { return value }
        report(field, "REQUIRED", "This field is required.")
        return nil
    }

    // MARK: - Kinds of values

    package mutating func string(_ field: String, isRequired: Bool = false) -> String? {
        guard let value = isRequired ? required(field) : value(field) else { return nil }
        if case .string(let string) = value { return string }
        report(field, "NOT_A_STRING", "Send a string in quotes.")
        return nil
    }

    package mutating func boolean(_ field: String) -> Bool? {
        guard let value = value(field) else { return nil }
        if case .boolean(let boolean) = value { return boolean }
        report(field, "NOT_A_BOOLEAN", "Send true or false.")
        return nil
    }

    package mutating func array(_ field: String, isRequired: Bool = false) -> [JSONValue]? {
        guard let value = isRequired ? required(field) : value(field) else { return nil }
        if case .array(let elements) = value { return elements }
        report(field, "NOT_AN_ARRAY", "Send an array: […].")
        return nil
    }

    package mutating func object(_ field: String, isRequired: Bool = false) -> [String: JSONValue]? {
        guard let value = isRequired ? required(field) : value(field) else { return nil }
        if case .object(let fields) = value { return fields }
        report(field, "NOT_AN_OBJECT", "Send an object: {…}.")
        return nil
    }

    /// Reads an object's own fields; their problems become this reader's.
    package mutating func object<Value>(
        _ field: String, isRequired: Bool = false, _ read: (inout BodyReader) -> Value?
    ) -> Value? {
        guard let fields = object(field, isRequired: isRequired) else { return nil }
        var reader = BodyReader(fields, path: name(field) + ".")
        let value = read(&reader)
        report(reader.problems)
        return value
    }
}
