/// A value that a caller attaches to a link or wallet; we keep it and give it back, and never read it.
package enum MetadataValue: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
}

package typealias Metadata = [String: MetadataValue]

extension MetadataValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let integer = try? container.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a string, a number or a Boolean")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let string): try container.encode(string)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .boolean(let boolean): try container.encode(boolean)
        }
    }
}

extension Metadata {
    private static var mostKeys: Int { 50 }
    private static var longestKey: Int { 64 }
    private static var longestString: Int { 500 }

    /// Everything that is wrong with it, in the order of its keys. Lengths count Unicode scalars, as Postgres does.
    package func problems(field: String) -> [FieldError] {
        guard count <= Self.mostKeys else {
            return [FieldError(field: field, code: "TOO_MANY", message: "Send at most \(Self.mostKeys) keys.")]
        }
        return sorted { $0.key < $1.key }.flatMap { key, value in
            Self.keyProblems(key, field: field) + Self.valueProblems(value, field: "\(field).\(key)")
        }
    }

    private static func keyProblems(_ key: String, field: String) -> [FieldError] {
        var problems = TextLimit(field: field, longest: longestKey, subject: "key").problems(key)
        if key.isEmpty {
            problems.append(FieldError(field: field, code: "EMPTY", message: "Give every key a name."))
        }
        return problems
    }

    private static func valueProblems(_ value: MetadataValue, field: String) -> [FieldError] {
        guard case .string(let string) = value else { return [] }
        return TextLimit(field: field, longest: longestString, subject: "value").problems(string)
    }
}
