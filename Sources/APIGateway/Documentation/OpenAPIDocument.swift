import PaymentLinks
import Yams

/// The API's own description, as the gateway serves it: `openapi.yaml`, turned into JSON.
package struct OpenAPIDocument: Sendable {
    /// The document of this build, read when it is first asked for.
    package static let current = Result { try OpenAPIDocument(yaml: OpenAPIText.yaml) }

    package let json: [UInt8]

    /// Members keep their order, for people read it too.
    package init(yaml: String) throws {
        guard let root = try Yams.compose(yaml: yaml) else { throw Malformed() }
        json = Array(try Self.json(root).utf8)
    }

    package struct Malformed: Error, Sendable {}

    private static func json(_ node: Node) throws -> String {
        var writer = JSONWriter()
        switch node {
        case .mapping(let mapping):
            let members = try mapping.map { (name: try name($0.key), value: try json($0.value)) }
            writer.object { writer in for member in members { writer.field(named: member.name, json: member.value) } }
        case .sequence(let sequence):
            let elements = try sequence.map(json)
            writer.array(elements) { $0.raw($1) }
        case .scalar: return try scalar(node)
        case .alias: throw Malformed()
        }
        return writer.text
    }

    private static func name(_ node: Node) throws -> String {
        guard let name = node.scalar?.string else { throw Malformed() }
        return name
    }

    private static func scalar(_ node: Node) throws -> String {
        switch node.any {
        case let boolean as Bool: return boolean ? "true" : "false"
        case let integer as Int: return String(integer)
        case let number as Double: return String(number)
        case let text as String: return quoted(text)
        default:
            guard node.null != nil else { throw Malformed() }
            return "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return writer.text
    }
}
