import Foundation
import PaymentLinks

/// Why a message cannot be read: the text tells operators which rule it breaks, and never repeats its content.
package struct UnreadableMessage: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// A JSON message with a version in front; a version that this program does not know is not guessed at.
protocol VersionedBody: Decodable {
    /// What operators read of a message that cannot be decoded.
    static var name: String { get }
    static var version: Int { get }
    var version: Int { get }
}

extension VersionedBody {
    static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> Self {
        let body: Self
        do {
            body = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw UnreadableMessage("\(name): \(reason(error))")
        }
        guard body.version == version else {
            throw UnreadableMessage("\(name): version \(body.version) is not \(version)")
        }
        return body
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "not readable" }
        switch error {
        case .keyNotFound(let key, _): return "the field \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return "wrong type at \(path(context))"
        case .dataCorrupted(let context): return "not valid at \(path(context))"
        @unknown default: return "not readable"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "the message itself" : path
    }
}

/// Bytes that travel as base64 text.
struct Base64: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        // By way of the container: `Data` by itself would ask for an array of numbers.
        bytes = [UInt8](try decoder.singleValueContainer().decode(Data.self))
    }

    func digest(_ field: String) throws(UnreadableMessage) -> Digest {
        guard let digest = Digest(bytes: bytes) else { throw UnreadableMessage("\(field) must be 32 bytes") }
        return digest
    }
}

extension JSONWriter {
    mutating func field(_ name: StaticString, base64 bytes: [UInt8]?) {
        field(name, bytes.map { Data($0).base64EncodedString() })
    }
}
