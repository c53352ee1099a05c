import PaymentLinks

/// Finds text that takes too long to compare.
///
/// Swift compares and hashes strings by their canonical form, so it first sorts every run of combining marks, in a time
/// that grows with the square of the run. This gateway compares callers' text as bytes; the check protects every other
/// program that reads the text. No language needs more than 30 marks in a row. (UAX #15, Stream-Safe Text Format)
enum StreamSafeText {
    static let longestRun = 30

    /// The first text of the document with more marks in a row, by the way to it; `nil` when there is none, as in all
    /// ASCII without `\u`.
    static func breach(in document: JSONDocument, _ bytes: [UInt8]) -> String? {
        if bytes.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\\") }) { return nil }
        return breach(in: document.root)
    }

    /// The way from the element to its first breach; empty when that is the element itself, or one of its names.
    private static func breach(in element: JSONElement) -> String? {
        if let string = element.string { return isSafe(string) ? nil : "" }
        for (index, element) in (element.elements ?? []).enumerated() {
            if let rest = breach(in: element) { return way("[\(index)]", rest) }
        }
        for (name, value) in element.members ?? [] {
            guard isSafe(name) else { return "" }
            if let rest = breach(in: value) { return way(name, rest) }
        }
        return nil
    }

    private static func way(_ step: String, _ rest: String) -> String {
        rest.isEmpty || rest.utf8.first == UInt8(ascii: "[") ? step + rest : "\(step).\(rest)"
    }

    private static func isSafe(_ text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run + 1 : 0
            if run > longestRun { return false }
        }
        return true
    }

    /// Whether it is a mark, or falls apart into marks.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300: false
        case 0x0F73, 0x0F75, 0x0F81: true
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }
}
