import Foundation
import PaymentLinks

/// A JSON value as a caller sent it, before anything is asked of it.
package enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue {
    /// Reads one object; anything else that is well-formed names the body itself as the wrong field.
    package static func object(from bytes: [UInt8]) throws -> [String: JSONValue] {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
            throw Refusal.invalidJSON
        }
        guard case .object(let fields) = value else {
            throw InvalidRequest(field: "body", code: "NOT_AN_OBJECT", message: "Send a JSON object: {…}.")
        }
        return fields
    }
}

extension JSONValue: Decodable {
    /// Tries the kinds in the order of how often they come.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if container.decodeNil() {
            self = .null
        } else if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let integer = try? container.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let elements = try? container.decode([JSONValue].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}

extension MetadataValue {
    /// `nil` for what metadata cannot hold: null, arrays and objects.
    init?(_ value: JSONValue) {
        switch value {
        case .string(let string): self = .string(string)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .boolean(let boolean): self = .boolean(boolean)
        case .null, .array, .object: return nil
        }
    }
}
