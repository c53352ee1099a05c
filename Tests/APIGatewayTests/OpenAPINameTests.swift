import Foundation
import Testing
import Yams

/// The names that generators of clients give to the document's types.
///
/// A generator names an inline type after its parent and its member: `Delivery` with an inline `status` makes
/// `DeliveryStatus`, which hides a schema of that name.
@Suite struct OpenAPINameTests {
    @Test func `every enumeration has a schema of its own`() throws {
        #expect(try Self.members().filter { $0.schema["enum"] != nil }.map(\.path) == [])
    }

    @Test func `no inline type gets the name of a schema`() throws {
        let names = try Set(Self.schemas().keys.map { $0.lowercased() })
        let made = try Self.members().filter { $0.schema["properties"] != nil || $0.schema["enum"] != nil }
        #expect(made.map(\.typeName).filter { names.contains($0) } == [])
    }

    @Test func `a request's type has all of its members, whatever its conditions are`() throws {
        for (name, schema) in try Self.schemas() where schema["properties"] != nil {
            // Generators make one type of each alternative, and leave out what stands beside the alternatives.
            #expect(schema["oneOf"] == nil && schema["anyOf"] == nil && schema["allOf"] == nil, "\(name)")
        }
    }

    @Test func `every inline schema of an error has a title, so that its type has a stable name`() throws {
        let responses = try #require(try Self.components()["responses"] as? [String: [String: Any]])
        for (name, response) in responses {
            let content = response["content"] as? [String: [String: Any]]
            let schema = content?["application/json"]?["schema"] as? [String: Any]
            #expect(schema?["title"] as? String == name + "Error")
        }
    }

    @Test func `the lines of a stream have a schema beside the stream's`() throws {
        let stream = /application\/x-ndjson:\n +schema: \{ \$ref: '[^']+Lines' \}\n +([a-zA-Z-]+):/
        let streams = try Self.text("openapi.yaml").matches(of: stream)
        #expect(streams.map(\.1) == ["examples", "x-itemSchema", "examples", "x-itemSchema"])
    }

    /// A member of a schema, as it stands inline.
    private struct Member {
        let parent: String
        let name: String
        let schema: [String: Any]

        var path: String { "\(parent).\(name)" }
        /// In lower case, as generators differ in theirs.
        var typeName: String { (parent + name).lowercased() }
    }

    private static func members() throws -> [Member] {
        try schemas().flatMap { name, schema in
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            return properties.map { Member(parent: name, name: $0.key, schema: $0.value) }
        }
    }

    private static func schemas() throws -> [String: [String: Any]] {
        try #require(try components()["schemas"] as? [String: [String: Any]])
    }

    private static func components() throws -> [String: Any] {
        let document = try #require(try Yams.load(yaml: try text("openapi.yaml")) as? [String: Any])
        return try #require(document["components"] as? [String: Any])
    }

    private static func text(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        return try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }
}
