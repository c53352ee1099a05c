package import PaymentLinks

/// A JSON value as a caller sent it, before anything is asked of it.
package enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    case number(JSONNumber)
    /// A number with more digits than are kept, such as `1e999`.
    case longNumber
    case string(String)
    case array(JSONElement)
    case object(JSONObject)

    init(_ element: JSONElement) {
        if let string = element.string {
            self = .string(string)
        } else if element.isNumber {
            self = element.number.map(JSONValue.number) ?? .longNumber
        } else if let boolean = element.boolean {
            self = .boolean(boolean)
        } else if element.isArray {
            self = .array(element)
        } else {
            self = JSONObject(element).map(JSONValue.object) ?? .null
        }
    }
}

/// A JSON object as a caller sent it. Members are found by the bytes of their names and copied when they are read.
///
/// A dictionary would hash and compare callers' names by their canonical form, at a cost that grows with the square of
/// a run of combining marks.
package struct JSONObject: Sendable {
    let element: JSONElement
    /// How many members it has.
    package let count: Int

    /// `nil` for any other kind of value.
    init?(_ element: JSONElement) {
        guard element.isObject else { return nil }
        self.element = element
        count = element.count
    }

    package var isEmpty: Bool { count == 0 }
}

extension JSONValue {
    /// Reads one object; anything else that is well-formed names the body itself as the wrong field.
    package static func object(from bytes: [UInt8]) throws -> JSONObject {
        guard let document = try? JSONDocument(bytes) else { throw Refusal.invalidJSON }
        if let field = StreamSafeText.breach(in: document, bytes) {
            throw InvalidRequest(
                field: field.isEmpty ? "body" : field, code: "INVALID_TEXT",
                message: "Send text with at most \(StreamSafeText.longestRun) combining marks in a row.")
        }
        guard let object = JSONObject(document.root) else {
            throw InvalidRequest(field: "body", code: "NOT_AN_OBJECT", message: "Send a JSON object: {…}.")
        }
        return object
    }
}

extension JSONObject {
    /// An object of strings, in this order.
    init(strings: [(name: String, value: String)]) {
        let bytes = JSONWriter.object { writer in
            for (name, value) in strings { writer.field(named: name, value) }
        }
        // What the writer writes is JSON.
        element = ((try? JSONDocument(bytes)) ?? .emptyObject).root
        count = element.count
    }
}

extension MetadataValue {
    /// `nil` for what metadata cannot hold: null, arrays, objects, and numbers with too many digits.
    init?(_ value: JSONValue) {
        switch value {
        case .string(let string): self = .string(string)
        case .number(let number): self = .number(number)
        case .boolean(let boolean): self = .boolean(boolean)
        case .null, .array, .object, .longNumber: return nil
        }
    }
}
