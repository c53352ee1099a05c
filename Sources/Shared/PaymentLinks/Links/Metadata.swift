/// A value that a caller attaches to a link or wallet; we keep it and give it back, and never read it.
package enum MetadataValue: Sendable, Hashable {
    case string(String)
    /// A number with all of its digits.
    case number(JSONNumber)
    case boolean(Bool)
}

/// What a caller attaches to a link or wallet: values by name, in the order of the names' bytes.
package struct Metadata: Sendable {
    private static let longestKey = 64
    private static let longestString = 500
    /// The most values that metadata has.
    package static let mostKeys = 50

    package struct Member: Sendable {
        package let name: String
        package let value: MetadataValue
    }

    package let members: [Member]

    /// Names are compared as bytes. No name may come twice.
    package init(_ members: [(name: String, value: MetadataValue)]) {
        self.members =
            members
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { Member(name: $0.name, value: $0.value) }
    }

    /// The first name that comes more than once, if any does.
    package var repeatedName: String? {
        zip(members, members.dropFirst()).first { $0.name.utf8.elementsEqual($1.name.utf8) }?.0.name
    }

    /// Everything that is wrong with it, in the order of its names. Lengths count Unicode scalars, as Postgres does.
    package func problems(field: String) -> [FieldError] {
        guard members.count <= Self.mostKeys else { return [Self.tooMany(field: field)] }
        return members.flatMap { member in
            Self.keyProblems(member.name, field: field)
                + Self.valueProblems(member.value, field: "\(field).\(Self.cut(member.name))")
        }
    }

    package static func tooMany(field: String) -> FieldError {
        FieldError(field: field, code: "TOO_MANY", message: "Send at most \(mostKeys) keys.")
    }

    private static func cut(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(longestKey)))
    }

    private static func keyProblems(_ key: String, field: String) -> [FieldError] {
        var problems = TextLimit(field: field, longest: longestKey, subject: "key").problems(key)
        if key.isEmpty {
            problems.append(FieldError(field: field, code: "EMPTY", message: "Give every key a name."))
        }
        return problems
    }

    private static func valueProblems(_ value: MetadataValue, field: String) -> [FieldError] {
        guard case .string(let string) = value else { return [] }
        return TextLimit(field: field, longest: longestString, subject: "value").problems(string)
    }
}

extension Metadata: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, MetadataValue)...) {
        self.init(members.map { (name: $0.0, value: $0.1) })
    }
}

extension Metadata {
    /// JSON text: equal for equal metadata, whatever the order and the spelling that the caller sent.
    package var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            for member in members { writer.member(member) }
        }
        return writer.text
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ member: Metadata.Member) {
        switch member.value {
        case .string(let string): field(named: member.name, string)
        case .number(let number): field(named: member.name, json: number.text)
        case .boolean(let boolean): field(named: member.name, json: boolean ? "true" : "false")
        }
    }
}
