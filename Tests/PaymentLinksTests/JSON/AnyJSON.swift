import Foundation
import PaymentLinks

/// A JSON value of any kind, to compare what different parsers read. Texts are compared byte by byte.
indirect enum AnyJSON: Hashable {
    case null
    case boolean(Bool)
    case number(Double)
    case string([UInt8])
    case array([AnyJSON])
    case object([[UInt8]: AnyJSON])
}

extension AnyJSON {
    /// A number beyond the range of a Double, which Foundation refuses with the whole text.
    struct TooLarge: Error {}

    /// What our own parser read; of several members of one name the last counts.
    init(_ element: JSONElement) throws {
        if let string = element.string {
            self = .string(Array(string.utf8))
        } else if let boolean = element.boolean {
            self = .boolean(boolean)
        } else if let number = element.double {
            self = .number(number)
        } else if let elements = element.elements {
            self = .array(try elements.map { try AnyJSON($0) })
        } else if let members = element.members {
            self = .object(
                Dictionary(
                    try members.map { (Array($0.name.utf8), try AnyJSON($0.value)) }, uniquingKeysWith: { $1 }))
        } else if element.isNull {
            self = .null
        } else {
            throw TooLarge()
        }
    }

    static func ours(_ bytes: [UInt8]) throws -> AnyJSON { try AnyJSON(try JSONDocument(bytes).root) }

    /// What Foundation reads; `nil` when it refuses the text.
    static func foundation(_ bytes: [UInt8]) -> AnyJSON? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) else {
            return nil
        }
        return AnyJSON(foundation: value)
    }

    private init(foundation value: Any) {
        switch value {
        case let text as String: self = .string(Array(text.utf8))
        case let elements as [Any]: self = .array(elements.map(AnyJSON.init(foundation:)))
        case let members as [String: Any]:
            self = .object(
                Dictionary(members.map { (Array($0.utf8), AnyJSON(foundation: $1)) }, uniquingKeysWith: { $1 }))
        case let number as NSNumber where number.isBoolean: self = .boolean(number.boolValue)
        case let number as NSNumber: self = .number(number.doubleValue)
        default: self = .null
        }
    }

    /// The value as Foundation writes it.
    func written() throws -> [UInt8] {
        [UInt8](try JSONSerialization.data(withJSONObject: plain, options: .fragmentsAllowed))
    }

    private var plain: Any {
        switch self {
        case .null: NSNull()
        case .boolean(let boolean): boolean
        case .number(let number): number
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .array(let elements): elements.map(\.plain)
        case .object(let members):
            Dictionary(members.map { (String(decoding: $0, as: UTF8.self), $1.plain) }, uniquingKeysWith: { $1 })
        }
    }
}

extension JSONElement {
    /// The nearest Double; `nil` for any other kind, and for a number beyond the range of one.
    var double: Double? {
        isNumber ? Double(String(decoding: json, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil } : nil
    }
}

extension NSNumber {
    /// Foundation reads true and 1 as the same class; only the type inside tells them apart.
    fileprivate var isBoolean: Bool { String(cString: objCType) == "c" }
}

// MARK: - Made up

extension AnyJSON {
    private static let alphabet = Array("ab \"\\/\u{0}\u{8}\n\u{1F}\u{7F}é\u{301}日\u{2028}😀\u{10FFFF}".unicodeScalars)

    private static func text(using generator: inout SeededGenerator) -> [UInt8] {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            if let scalar = alphabet.randomElement(using: &generator) { text.append(scalar) }
        }
        return Array(String(text).utf8)
    }

    static func random(depth: Int = 0, using generator: inout SeededGenerator) -> AnyJSON {
        switch Int.random(in: 0..<(depth < 5 ? 8 : 4), using: &generator) {
        case 0: return [.null, .boolean(true), .boolean(false)].randomElement(using: &generator) ?? .null
        case 1: return .number(Double(Int64.random(in: -(1 << 53)...(1 << 53), using: &generator)))
        // A few binary digits behind the point: Foundation is an ulp off for longer decimals.
        case 2: return .number(Double(Int.random(in: -999_999...999_999, using: &generator)) / 64)
        case 3: return .string(text(using: &generator))
        case 4, 5:
            let count = Int.random(in: 0..<5, using: &generator)
            return .array((0..<count).map { _ in random(depth: depth + 1, using: &generator) })
        default:
            var members: [[UInt8]: AnyJSON] = [:]
            for _ in 0..<Int.random(in: 0..<5, using: &generator) {
                members[text(using: &generator)] = random(depth: depth + 1, using: &generator)
            }
            return .object(members)
        }
    }
}
