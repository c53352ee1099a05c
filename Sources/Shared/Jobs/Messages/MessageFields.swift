import Foundation
import PaymentLinks

/// A message's fields, read by name; what is wrong with one is said by its name too, never by its content.
struct MessageFields: Sendable {
    /// What operators read of a message that cannot be decoded, as in `claim job`.
    private let message: String
    /// The way to this object, with a point behind it; empty for the message itself.
    private let path: String
    private let object: JSONElement

    private init(message: String, path: String, object: JSONElement) {
        self.message = message
        self.path = path
        self.object = object
    }

    /// Reads an object.
    init(of message: String, in element: JSONElement) throws(UnreadableMessage) {
        self.init(message: message, path: "", object: element)
        guard element.isObject else { throw failure("the message itself must be an object") }
    }

    /// Reads an object of a version that this program knows; another version is not guessed at.
    init(of message: String, version: Int, in element: JSONElement) throws(UnreadableMessage) {
        try self.init(of: message, in: element)
        let found = try required("version", \.integer)
        guard found == Int64(version) else { throw failure("version \(found) is not \(version)") }
    }

    /// Reads a whole message, as it came.
    init(of message: String, version: Int, in bytes: [UInt8]) throws(UnreadableMessage) {
        try self.init(of: message, version: version, in: try Self.parse(bytes, message))
    }

    static func parse(_ bytes: [UInt8], _ message: String) throws(UnreadableMessage) -> JSONElement {
        do throws(JSONSyntaxError) {
            return try JSONDocument(bytes).root
        } catch {
            throw UnreadableMessage("\(message): no JSON at byte \(error.offset): \(error.reason)")
        }
    }

    func failure(_ reason: String) -> UnreadableMessage { UnreadableMessage("\(message): \(reason)") }

    // MARK: - Values

    /// A field that must be there; null counts as missing.
    func required<Value>(
        _ name: StaticString, _ read: (JSONElement) -> Value?
    ) throws(UnreadableMessage) -> Value {
        guard let value = try optional(name, read) else { throw failure("the field \(path)\(name) is missing") }
        return value
    }

    /// A field that may be missing or null.
    func optional<Value>(
        _ name: StaticString, _ read: (JSONElement) -> Value?
    ) throws(UnreadableMessage) -> Value? {
        guard let element = object[name], !element.isNull else { return nil }
        guard let value = read(element) else { throw notValid(name) }
        return value
    }

    func string(_ name: StaticString) throws(UnreadableMessage) -> String { try required(name, \.string) }

    func identifier<Kind>(_ name: StaticString) throws(UnreadableMessage) -> Identifier<Kind> {
        try required(name, Identifier.init(json:))
    }

    /// One of a fixed set of names.
    func choice<Value: RawRepresentable<String>>(_ name: StaticString) throws(UnreadableMessage) -> Value {
        try required(name) { $0.string.flatMap(Value.init(rawValue:)) }
    }

    func slug(_ name: StaticString) throws(UnreadableMessage) -> Slug {
        try required(name) { $0.string.flatMap(Slug.init) }
    }

    func timestamp(_ name: StaticString) throws(UnreadableMessage) -> Timestamp {
        try required(name, Timestamp.init(json:))
    }

    /// Bytes that travel as base64 text.
    func bytes(_ name: StaticString) throws(UnreadableMessage) -> [UInt8] { try required(name, \.base64) }

    func digest(_ name: StaticString) throws(UnreadableMessage) -> Digest {
        guard let digest = try optionalDigest(name) else { throw failure("the field \(path)\(name) is missing") }
        return digest
    }

    func optionalDigest(_ name: StaticString) throws(UnreadableMessage) -> Digest? {
        guard let bytes = try optional(name, \.base64) else { return nil }
        guard let digest = Digest(bytes: bytes) else { throw failure("\(path)\(name) must be 32 bytes") }
        return digest
    }

    // MARK: - Inner objects and lists

    func object(_ name: StaticString) throws(UnreadableMessage) -> MessageFields {
        guard let inner = try optionalObject(name) else { throw failure("the field \(path)\(name) is missing") }
        return inner
    }

    func optionalObject(_ name: StaticString) throws(UnreadableMessage) -> MessageFields? {
        guard let element = object[name], !element.isNull else { return nil }
        guard element.isObject else { throw notValid(name) }
        return MessageFields(message: message, path: "\(path)\(name).", object: element)
    }

    /// The objects of a list.
    func objects(_ name: StaticString) throws(UnreadableMessage) -> [MessageFields] {
        try required(name, \.elements).map { (element) throws(UnreadableMessage) in
            try self.element(element, of: name)
        }
    }

    /// An element of a list, which must be an object.
    func element(_ element: JSONElement, of list: StaticString) throws(UnreadableMessage) -> MessageFields {
        guard element.isObject else { throw notValid(list) }
        return MessageFields(message: message, path: "\(path)\(list).", object: element)
    }

    /// A list each of whose elements is such a value.
    func optionalList<Value>(
        _ name: StaticString, _ read: (JSONElement) -> Value?
    ) throws(UnreadableMessage) -> [Value]? {
        try optional(name) { element in
            guard let elements = element.elements else { return nil }
            let values = elements.compactMap(read)
            return values.count == elements.count ? values : nil
        }
    }

    private func notValid(_ name: StaticString) -> UnreadableMessage { failure("not valid at \(path)\(name)") }
}

extension JSONElement {
    var base64: [UInt8]? { string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) } }
}

extension Timestamp {
    init?(json: JSONElement) {
        guard let text = json.string else { return nil }
        self.init(iso8601: text)
    }
}

extension EmailAddress {
    init?(json: JSONElement) {
        guard let text = json.string, let address = try? EmailAddress(text) else { return nil }
        self = address
    }
}

extension JSONWriter {
    mutating func field(_ name: StaticString, base64 bytes: [UInt8]?) {
        field(name, bytes.map { Data($0).base64EncodedString() })
    }
}
