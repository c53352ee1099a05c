import Foundation
import Yams

/// A YAML file of the repository.
package enum YAMLDocument {
    /// Reads a file by its path from the repository's root.
    package static func read(_ path: String) throws -> JSONValue {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
        return try JSONValue(yaml: Yams.load(yaml: text) ?? NSNull())
    }
}

extension JSONValue {
    struct Unreadable: Error {
        let value: String
    }

    fileprivate init(yaml value: Any) throws {
        switch value {
        case is NSNull: self = .null
        case let boolean as Bool: self = .boolean(boolean)
        case let integer as Int: self = .number(Double(integer))
        case let number as Double: self = .number(number)
        case let text as String: self = .text(text)
        case let elements as [Any]: self = .array(try elements.map { try JSONValue(yaml: $0) })
        case let members as [String: Any]: self = .object(try members.mapValues { try JSONValue(yaml: $0) })
        default: throw Unreadable(value: "\(value)")
        }
    }
}
