/// Holds the gateway's answers against `openapi.yaml`: status, headers, type and body.
package struct OpenAPIContract: Sendable {
    /// An answer that is not as documented.
    package struct Breach: Error, CustomStringConvertible {
        package let request: String
        package let answer: String
        package let problems: [String]

        package var description: String {
            "\(request) was answered with what openapi.yaml does not know:\n- "
                + problems.joined(separator: "\n- ") + "\n\(answer)"
        }
    }

    /// The repository's own, read once.
    package static let current = Result { OpenAPIContract(try YAMLDocument.read("openapi.yaml")) }

    private let document: JSONValue
    /// Paths as they are documented, cut at the slashes; those with the fewest parameters first.
    private let paths: [(pattern: String, segments: [Substring])]

    package init(_ document: JSONValue) {
        self.document = document
        paths = document["paths"].names
            .map { (pattern: $0, segments: $0.split(separator: "/")) }
            .sorted { $0.pattern.count(of: "{") < $1.pattern.count(of: "{") }
    }

    /// Throws what is wrong with the answer. Addresses that are not the gateway's are none of its business.
    package func check(_ method: String, _ target: String, _ answer: API.Answer) throws(Breach) {
        let path = target.prefix { $0 != "?" }
        guard path.hasPrefix("/v1/") || path == "/openapi.json" || path == "/docs" else { return }
        let problems = problems(with: answer, to: method, String(path))
        guard problems.isEmpty else {
            throw Breach(request: "\(method) \(target)", answer: "\(answer.status) \(answer.text)", problems: problems)
        }
    }

    private func problems(with answer: API.Answer, to method: String, _ path: String) -> [String] {
        guard let pattern = pattern(of: path) else { return refusalProblems(answer, 404) }
        let verb = method == "HEAD" ? "get" : method.lowercased()
        let operation = document["paths"][pattern][verb]
        guard operation != .null else { return refusalProblems(answer, 405) }
        let response = resolved(operation["responses"]["\(answer.status)"])
        guard response != .null else { return ["the status \(answer.status) is not documented"] }
        return headerProblems(answer, response) + (method == "HEAD" ? [] : bodyProblems(answer, response))
    }

    /// The documented path that fits, a literal one before one with parameters.
    private func pattern(of path: String) -> String? {
        let segments = path.split(separator: "/")
        return paths.first { candidate in
            candidate.segments.count == segments.count
                && zip(candidate.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }?.pattern
    }

    /// What an address that is not documented is answered with: nothing but that, or a caller's own fault before it.
    private func refusalProblems(_ answer: API.Answer, _ status: Int) -> [String] {
        guard answer.status == status || [401, 403, 429, 503].contains(answer.status) || answer.isMalformed else {
            return ["the route is not documented"]
        }
        guard !answer.body.isEmpty else { return [] }
        return schemaProblems(answer.body, document["components"]["schemas"]["Error"])
    }

    private func headerProblems(_ answer: API.Answer, _ response: JSONValue) -> [String] {
        response["headers"].names.sorted().flatMap { name -> [String] in
            let header = resolved(response["headers"][name])
            guard let value = answer.header(name) else {
                return header["required"].boolean == true ? ["the header \(name) is missing"] : []
            }
            return JSONSchema(header["schema"], in: document).problems(with: .text(value)).map { "\(name): \($0)" }
        }
    }

    private func bodyProblems(_ answer: API.Answer, _ response: JSONValue) -> [String] {
        let types = response["content"].names
        guard !types.isEmpty else { return answer.body.isEmpty ? [] : ["there is a body"] }
        let type = answer.header("content-type").map { String($0.prefix { $0 != ";" }) } ?? ""
        guard types.contains(type) else { return ["the content type \(type) is not documented"] }
        let media = response["content"][type]
        switch type {
        case "application/json": return schemaProblems(answer.body, media["schema"])
        case "application/x-ndjson":
            let lines = answer.body.split(separator: UInt8(ascii: "\n"))
            return lines.flatMap { schemaProblems(Array($0), media["x-itemSchema"]) }
        default: return []
        }
    }

    private func schemaProblems(_ json: [UInt8], _ schema: JSONValue) -> [String] {
        guard let value = try? JSONValue(json) else { return ["the body is not JSON"] }
        return JSONSchema(schema, in: document).problems(with: value)
    }

    private func resolved(_ value: JSONValue) -> JSONValue {
        value["$ref"].string.map(document.target) ?? value
    }
}

extension API.Answer {
    /// Whether the request was no HTTP at all, as with a method that nobody knows; no route has seen it then.
    fileprivate var isMalformed: Bool { status == 400 && text.contains("\"MALFORMED\"") }
}

extension String {
    fileprivate func count(of character: Character) -> Int { count { $0 == character } }
}
