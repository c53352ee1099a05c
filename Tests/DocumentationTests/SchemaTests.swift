import Testing
import TestSupport

@Suite("The documents' schemas, and what holds values against them")
struct SchemaTests {
    private static func schema(_ json: String, in document: String = "{}") throws -> JSONSchema {
        JSONSchema(try JSONValue(Array(json.utf8)), in: try JSONValue(Array(document.utf8)))
    }

    private static func isRight(_ value: String, _ schema: String, in document: String = "{}") throws -> Bool {
        try Self.schema(schema, in: document).problems(with: try JSONValue(Array("[\(value)]".utf8))[0]).isEmpty
    }

    @Test(
        "Each keyword lets through what it should, and nothing else",
        arguments: [
            (#"{"type":"string"}"#, #""a""#, "1"), (#"{"type":["integer","null"]}"#, "null", "1.5"),
            (#"{"type":"number"}"#, "1.5", "true"), (#"{"type":"boolean"}"#, "false", "null"),
            (#"{"type":"array","items":{"type":"number"}}"#, "[1,2]", #"[1,"2"]"#), (#"{"type":"object"}"#, "{}", "[]"),
            (#"{"enum":["a",null]}"#, "null", #""b""#), (#"{"const":1}"#, "1", "2"),
            (#"{"required":["a"]}"#, #"{"a":null}"#, "{}"),
            (#"{"properties":{"a":{"const":1}}}"#, #"{"a":1}"#, #"{"a":2}"#),
            (#"{"properties":{"a":{}}}"#, "{}", #"{"b":1}"#),
            (#"{"properties":{},"additionalProperties":true}"#, #"{"b":1}"#, "{}x"),
            (#"{"additionalProperties":{"type":"string"}}"#, #"{"b":"c"}"#, #"{"b":1}"#),
            (#"{"propertyNames":{"maxLength":1}}"#, #"{"a":1}"#, #"{"ab":1}"#),
            (#"{"maxProperties":1}"#, #"{"a":1}"#, #"{"a":1,"b":1}"#), (#"{"minItems":1}"#, "[1]", "[]"),
            (#"{"maxItems":1}"#, "[1]", "[1,2]"), (#"{"minLength":1}"#, #""a""#, #""""#),
            (#"{"maxLength":1}"#, #""ä""#, #""ab""#),
            (#"{"pattern":"^a+$"}"#, #""aa""#, #""ab""#), (#"{"minimum":2}"#, "2", "1"), (#"{"maximum":2}"#, "2", "3"),
            (#"{"exclusiveMinimum":2}"#, "3", "2"), (#"{"oneOf":[{"type":"number"},{"minimum":3}]}"#, "2", "4"),
            (#"{"anyOf":[{"type":"number"},{"type":"null"}]}"#, "null", "true"),
            (#"{"allOf":[{"properties":{"a":{"const":1}}},{"required":["b"]}]}"#, #"{"a":1,"b":2}"#, #"{"a":2,"b":2}"#),
            (#"{"if":{"required":["a"]},"then":{"maxProperties":1}}"#, #"{"a":1}"#, #"{"a":1,"b":2}"#),
            (#"{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":5}}"#, "5", "4"),
            (#"{"not":{"type":"null"}}"#, "1", "null"), (#"{"properties":{"a":false}}"#, "{}", #"{"a":1}"#),
        ])
    func keywords(_ schema: String, _ right: String, _ wrong: String) throws {
        #expect(try Self.isRight(right, schema))
        if !wrong.hasSuffix("x") { #expect(try !Self.isRight(wrong, schema)) }
    }

    @Test("A reference leads to the schema that it names, and nothing is right that leads nowhere")
    func references() throws {
        let document = #"{"schemas":{"a/b":{"type":"string"}}}"#
        #expect(try Self.isRight(#""x""#, ##"{"$ref":"#/schemas/a~1b"}"##, in: document))
        #expect(try !Self.isRight("1", ##"{"$ref":"#/schemas/a~1b"}"##, in: document))
        #expect(try !Self.isRight("1", ##"{"$ref":"#/schemas/c"}"##, in: document))
    }

    @Test("Every problem is told with its place")
    func places() throws {
        let schema = try Self.schema(#"{"properties":{"a":{"items":{"type":"string"}},"b":{}},"required":["b"]}"#)
        let value = try JSONValue(Array(#"{"a":["x",1],"c":2}"#.utf8))
        #expect(
            schema.problems(with: value) == [
                "$.b is missing", #"$.a[1] is not of type ["string"]"#, "$.c is not documented",
            ])
    }

    @Test(
        "The documents use no keyword that would be passed over, and no reference that leads nowhere",
        arguments: ["openapi.yaml", "asyncapi.yaml"])
    func understood(_ file: String) throws {
        let document = try YAMLDocument.read(file)
        var count = 0
        for schema in Self.schemas(in: document) {
            let unknown = schema.names.subtracting(JSONSchema.keywords).subtracting(JSONSchema.notes)
            #expect(unknown == [], "\(file): \(schema)")
            count += 1
        }
        #expect(count > 100)
        for reference in Self.references(in: document) {
            #expect(document.target(of: reference) != .null, "\(file): \(reference)")
        }
    }

    @Test("Every example of a body in openapi.yaml is right by its own schema")
    func examples() throws {
        let document = try YAMLDocument.read("openapi.yaml")
        var count = 0
        for path in document["paths"].names.map({ document["paths"][$0] }) {
            for operation in path.names.map({ path[$0] }) {
                for media in operation["requestBody"]["content"].members {
                    for example in media["examples"].members {
                        #expect(JSONSchema(media["schema"], in: document).problems(with: example["value"]) == [])
                        count += 1
                    }
                }
            }
        }
        #expect(count > 12)
    }

    /// Every schema of the document, those within others included; what stands in examples is none.
    private static func schemas(in value: JSONValue) -> [JSONValue] {
        let here = ["schema", "payload"].map { value[$0] } + value["schemas"].members
        return here.filter { $0 != .null }.flatMap(nested) + value.children.flatMap(schemas)
    }

    private static func nested(_ schema: JSONValue) -> [JSONValue] {
        let single = ["items", "not", "if", "then", "else", "additionalProperties", "propertyNames"]
        let parts =
            schema["properties"].members + single.map { schema[$0] }
            + ["oneOf", "anyOf", "allOf"].flatMap { schema[$0].elements }
        return [schema] + parts.filter { !$0.names.isEmpty }.flatMap(nested)
    }

    private static func references(in value: JSONValue) -> [String] {
        (value["$ref"].string.map { [$0] } ?? []) + value.children.flatMap(references)
    }
}

extension JSONValue {
    fileprivate var members: [JSONValue] { names.sorted().map { self[$0] } }
    fileprivate var children: [JSONValue] { names.subtracting(["examples"]).sorted().map { self[$0] } + elements }
}
