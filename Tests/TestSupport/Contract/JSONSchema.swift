import Foundation
import Synchronization

/// Holds JSON values against the schemas of a document. (JSON Schema, draft 2020-12, as far as our documents use it)
///
/// What a document says of an object's members is all there is: in an object whose schema has `properties` and says
/// nothing of others, any other member is a breach, so that nothing is answered that is not documented.
package struct JSONSchema: Sendable {
    /// The keywords that are understood; `notes` are for readers only.
    package static let keywords: Set = [
        "$ref", "type", "enum", "const", "properties", "required", "additionalProperties", "propertyNames",
        "maxProperties", "items", "minItems", "maxItems", "oneOf", "anyOf", "allOf", "not", "if", "then", "else",
        "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    ]
    package static let notes: Set = [
        "description", "title", "default", "example", "examples", "format", "contentEncoding", "contentMediaType",
    ]

    /// Where `$ref` leads.
    private let document: JSONValue
    private let schema: JSONValue

    package init(_ schema: JSONValue, in document: JSONValue) {
        self.schema = schema
        self.document = document
    }

    /// Everything that is wrong with the value, each with its place; empty when it is right.
    package func problems(with value: JSONValue) -> [String] {
        problems(value, schema, at: "$", isStrict: true)
    }

    // MARK: - One value

    /// - Parameter isStrict: whether members that are not documented are breaches.
    private func problems(_ value: JSONValue, _ schema: JSONValue, at path: String, isStrict: Bool) -> [String] {
        guard case .object(let keywords) = schema else {
            return schema == .boolean(false) ? ["\(path) must not be there"] : []
        }
        if let target = schema["$ref"].string {
            let schema = document.target(of: target)
            guard schema != .null else { return ["\(path) is held against \(target), which is not there"] }
            return problems(value, schema, at: path, isStrict: isStrict)
        }
        var problems = typeProblems(value, keywords, path) + valueProblems(value, keywords, path)
        switch value {
        case .object(let members): problems += objectProblems(members, schema, path, isStrict)
        case .array(let elements): problems += arrayProblems(elements, keywords, path)
        case .text(let text): problems += textProblems(text, keywords, path)
        case .number(let number): problems += numberProblems(number, keywords, path)
        case .null, .boolean: break
        }
        return problems + choiceProblems(value, keywords, path)
    }

    private func typeProblems(_ value: JSONValue, _ keywords: [String: JSONValue], _ path: String) -> [String] {
        guard let type = keywords["type"] else { return [] }
        let types = type.string.map { [$0] } ?? type.elements.compactMap(\.string)
        return types.contains(where: value.isOfType) ? [] : ["\(path) is not of type \(types)"]
    }

    private func valueProblems(_ value: JSONValue, _ keywords: [String: JSONValue], _ path: String) -> [String] {
        if let wanted = keywords["const"], value != wanted { return ["\(path) is not \(wanted)"] }
        if let choices = keywords["enum"], !choices.elements.contains(value) {
            return ["\(path) is none of \(choices.elements.compactMap(\.string))"]
        }
        return []
    }

    // MARK: - Objects and arrays

    private func objectProblems(
        _ members: [String: JSONValue], _ schema: JSONValue, _ path: String, _ isStrict: Bool
    ) -> [String] {
        let missing = schema["required"].elements.compactMap(\.string).filter { members[$0] == nil }
        var problems = missing.map { "\(path).\($0) is missing" }
        if let most = schema["maxProperties"].number, Double(members.count) > most {
            problems.append("\(path) has more than \(most) members")
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            problems += nameProblems(name, schema["propertyNames"], path)
            problems += memberProblems(name, value, schema, path, isStrict)
        }
        return problems
    }

    private func nameProblems(_ name: String, _ schema: JSONValue, _ path: String) -> [String] {
        problems(.text(name), schema, at: "\(path), the name \(name),", isStrict: false)
    }

    private func memberProblems(
        _ name: String, _ value: JSONValue, _ schema: JSONValue, _ path: String, _ isStrict: Bool
    ) -> [String] {
        let place = "\(path).\(name)"
        if schema["properties"].names.contains(name) {
            return problems(value, schema["properties"][name], at: place, isStrict: isStrict)
        }
        if schema.names.contains("additionalProperties") {
            return problems(value, schema["additionalProperties"], at: place, isStrict: isStrict)
        }
        let isDocumented = !isStrict || !schema.names.contains("properties")
        return isDocumented ? [] : ["\(place) is not documented"]
    }

    private func arrayProblems(_ elements: [JSONValue], _ keywords: [String: JSONValue], _ path: String) -> [String] {
        var problems: [String] = []
        if let least = keywords["minItems"]?.number, Double(elements.count) < least {
            problems.append("\(path) has less than \(least) entries")
        }
        if let most = keywords["maxItems"]?.number, Double(elements.count) > most {
            problems.append("\(path) has more than \(most) entries")
        }
        guard let items = keywords["items"] else { return problems }
        return problems
            + elements.enumerated().flatMap { self.problems($1, items, at: "\(path)[\($0)]", isStrict: true) }
    }

    // MARK: - Texts and numbers

    private func textProblems(_ text: String, _ keywords: [String: JSONValue], _ path: String) -> [String] {
        let length = Double(text.unicodeScalars.count)
        var problems: [String] = []
        if let least = keywords["minLength"]?.number, length < least { problems.append("\(path) is too short") }
        if let most = keywords["maxLength"]?.number, length > most { problems.append("\(path) is too long") }
        if let pattern = keywords["pattern"]?.string, !Patterns.matches(text, pattern) {
            problems.append("\(path), \"\(text)\", does not match \(pattern)")
        }
        return problems
    }

    private func numberProblems(_ number: Double, _ keywords: [String: JSONValue], _ path: String) -> [String] {
        var problems: [String] = []
        if let least = keywords["minimum"]?.number, number < least { problems.append("\(path) is below \(least)") }
        if let most = keywords["maximum"]?.number, number > most { problems.append("\(path) is above \(most)") }
        if let bound = keywords["exclusiveMinimum"]?.number, number <= bound {
            problems.append("\(path) is not above \(bound)")
        }
        return problems
    }

    // MARK: - Choices

    /// All of `allOf` describe one object together, so what one of them does not know another may.
    private func choiceProblems(_ value: JSONValue, _ keywords: [String: JSONValue], _ path: String) -> [String] {
        var found: [String] = []
        for part in keywords["allOf"]?.elements ?? [] {
            found += problems(value, part, at: path, isStrict: false)
        }
        if let choices = keywords["oneOf"]?.elements {
            let fitting = choices.filter { isRight(value, $0) }.count
            if fitting != 1 { found.append("\(path) fits \(fitting) of \(choices.count) choices, not one") }
        }
        if let choices = keywords["anyOf"]?.elements, !choices.contains(where: { isRight(value, $0) }) {
            found.append("\(path) fits none of \(choices.count) choices")
        }
        if let condition = keywords["if"] {
            let holds = problems(value, condition, at: path, isStrict: false).isEmpty
            let part = keywords[holds ? "then" : "else"] ?? .boolean(true)
            found += problems(value, part, at: path, isStrict: false)
        }
        if let refused = keywords["not"], isRight(value, refused) { found.append("\(path) fits what it must not") }
        return found
    }

    /// A choice with a type of its own describes the whole value; one without adds to what stands beside it.
    private func isRight(_ value: JSONValue, _ choice: JSONValue) -> Bool {
        let isWhole = choice.names.contains("$ref") || choice.names.contains("type")
        return problems(value, choice, at: "", isStrict: isWhole).isEmpty
    }
}

extension JSONValue {
    fileprivate func isOfType(_ type: String) -> Bool {
        switch (self, type) {
        case (.null, "null"), (.boolean, "boolean"), (.number, "number"), (.text, "string"): true
        case (.array, "array"), (.object, "object"): true
        case (.number(let number), "integer"): number.rounded() == number
        default: false
        }
    }

    /// What a reference within this document leads to, as in `#/components/schemas/Link`; null when it leads nowhere.
    package func target(of reference: String) -> JSONValue {
        reference.split(separator: "/").dropFirst().reduce(self) { value, name in
            value[String(name).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }
}

/// Regular expressions, each compiled once.
private enum Patterns {
    private static let compiled = Mutex<[String: NSRegularExpression]>([:])

    static func matches(_ text: String, _ pattern: String) -> Bool {
        compiled.withLock { compiled in
            if compiled[pattern] == nil { compiled[pattern] = try? NSRegularExpression(pattern: pattern) }
            let range = NSRange(text.startIndex..., in: text)
            return compiled[pattern]?.firstMatch(in: text, range: range) != nil
        }
    }
}
