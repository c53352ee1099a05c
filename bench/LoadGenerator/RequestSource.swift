import ArgumentParser
import Foundation

/// Makes each request's bytes: a template whose placeholders are filled from lists, line by line.
struct RequestSource: Sendable {
    private enum Part: Sendable {
        case text([UInt8])
        /// The number of the list that the value comes from.
        case value(Int)
    }

    private let parts: [Part]
    private let lists: [Lines]
    private let first: Int

    init(template: String, values: [String], first: Int) throws {
        parts = Self.split(try Self.contents(template), lists: values.count)
        lists = try values.map { Lines(try Self.contents($0)) }
        self.first = first
        guard lists.allSatisfy({ $0.count > 0 }) else { throw ValidationError("a list of values is empty") }
    }

    /// Writes the request of that number.
    func write(_ index: Int, to buffer: inout [UInt8]) {
        for part in parts {
            switch part {
            case .text(let bytes): buffer += bytes
            case .value(let list): buffer += lists[list].line(list == 0 ? first + index : index)
            }
        }
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func split(_ template: [UInt8], lists: Int) -> [Part] {
        var parts: [Part] = []
        var text: [UInt8] = []
        var rest = template[...]
        while let byte = rest.first {
            if let list = placeholder(rest), list < lists {
                parts += [.text(text), .value(list)]
                text = []
                rest = rest.dropFirst(3)
            } else {
                text.append(byte)
                rest = rest.dropFirst()
            }
        }
        return parts + [.text(text)]
    }

    /// The list that `{1}` to `{9}` at the beginning stands for, counted from zero.
    private static func placeholder(_ bytes: ArraySlice<UInt8>) -> Int? {
        let head = Array(bytes.prefix(3))
        guard head.count == 3, head[0] == UInt8(ascii: "{"), head[2] == UInt8(ascii: "}") else { return nil }
        let list = Int(head[1]) - Int(UInt8(ascii: "1"))
        return (0..<9).contains(list) ? list : nil
    }
}

/// The lines of a text, found once.
struct Lines: Sendable {
    private let text: [UInt8]
    private let ranges: [Range<Int>]

    var count: Int { ranges.count }

    init(_ text: [UInt8]) {
        var ranges: [Range<Int>] = []
        var start = 0
        for (index, byte) in text.enumerated() where byte == UInt8(ascii: "\n") {
            ranges.append(start..<index)
            start = index + 1
        }
        self.text = text
        self.ranges = ranges
    }

    /// The line of that number; after the last the first follows again.
    func line(_ number: Int) -> ArraySlice<UInt8> {
        text[ranges[number % ranges.count]]
    }
}
