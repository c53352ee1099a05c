package import PaymentLinks

/// Reads an object's fields one by one and gathers everything that is wrong with them, to report it at once.
///
/// A reader returns `nil` for a field that is absent, null, or wrong; `finish` throws when any field was wrong. Reading
/// a field declares its name: `finish` refuses every member that no call asked for, and every name that comes twice.
package struct BodyReader: Sendable {
    /// The most members of an object that are looked at; no request has as many.
    private static let mostMembers = UInt64.bitWidth
    /// The most unknown members that are reported by name.
    private static let mostUnknown = 16
    /// Characters of an unknown name that are repeated in an answer.
    static let longestEcho = 64

    private let source: JSONObject
    /// What this object's fields are called by: empty, or the way to the object and a point.
    private let path: String
    /// The names that were asked for.
    private var known: [String] = []
    /// A bit for each member that was asked for, by its place.
    private var taken: UInt64 = 0
    /// A bit for each member whose name another member has too.
    private var repeated: UInt64 = 0
    package private(set) var problems: [FieldError] = []

    /// - Parameter subject: what the object is, as far as a caller sees it.
    package init(_ object: JSONObject, path: String = "", subject: String = "body") {
        source = object
        self.path = path
        known.reserveCapacity(16)
        if hasTooMany {
            report(
                FieldError(
                    field: path.isEmpty ? subject : String(path.dropLast()), code: "TOO_MANY",
                    message: "Send at most \(Self.mostMembers) fields."))
        }
    }

    /// Throws everything that was wrong, unknown members included.
    package func finish() throws(InvalidRequest) {
        let all = allProblems
        guard all.isEmpty else { throw InvalidRequest(all) }
    }

    /// Everything that was wrong, unknown members included.
    package var allProblems: [FieldError] { problems + repetitions + unknown }

    private var hasTooMany: Bool { source.count > Self.mostMembers }

    /// The name that a problem with this field is reported under.
    package func name(_ field: String) -> String { path + field }

    package mutating func report(_ problem: FieldError) { problems.append(problem) }

    package mutating func report(_ more: [FieldError]) { problems += more }

    package mutating func report(_ field: String, _ code: String, _ message: String) {
        report(FieldError(field: name(field), code: code, message: message))
    }

    // MARK: - Members

    /// Whether the field is there at all, be it null.
    package mutating func has(_ name: String) -> Bool { element(name) != nil }

    /// The field as it came; `nil` when it is absent or null.
    package mutating func value(_ name: String) -> JSONValue? {
        guard let element = element(name), !element.isNull else { return nil }
        return JSONValue(element)
    }

    /// Takes a field that official clients send and that has no meaning here.
    package mutating func ignore(_ name: String) { _ = element(name) }

    /// Takes every member, for an object of which it is not known what it should hold.
    package mutating func ignoreRest() { taken = .max }

    private mutating func element(_ name: String) -> JSONElement? {
        let places = source.element.places(of: name)
        known.append(name)
        taken |= places.bits
        if places.bits.nonzeroBitCount > 1 { repeated |= places.bits }
        return places.value
    }

    private mutating func required(_ field: String) -> JSONValue? {
        if let value = value(field) { return value }
        // It may be among the members that were not looked at.
        if !hasTooMany { report(field, "REQUIRED", "This field is required.") }
        return nil
    }

    // MARK: - Kinds of values

    package mutating func string(_ field: String, isRequired: Bool = false) -> String? {
        guard let value = isRequired ? required(field) : value(field) else { return nil }
        if case .string(let string) = value { return string }
        report(field, "NOT_A_STRING", "Send a string in quotes.")
        return nil
    }

    package mutating func boolean(_ field: String) -> Bool? {
        guard let value = value(field) else { return nil }
        if case .boolean(let boolean) = value { return boolean }
        report(field, "NOT_A_BOOLEAN", "Send true or false.")
        return nil
    }

    /// The array itself; its elements are not copied before it is known how many there are.
    package mutating func array(_ field: String, isRequired: Bool = false) -> JSONElement? {
        guard let value = isRequired ? required(field) : value(field) else { return nil }
        if case .array(let elements) = value { return elements }
        report(field, "NOT_AN_ARRAY", "Send an array: […].")
        return nil
    }

    package mutating func object(_ field: String, isRequired: Bool = false) -> JSONObject? {
        guard let value = isRequired ? required(field) : value(field) else { return nil }
        if case .object(let object) = value { return object }
        report(field, "NOT_AN_OBJECT", "Send an object: {…}.")
        return nil
    }

    /// Reads an object's own fields; their problems become this reader's.
    package mutating func object<Value>(
        _ field: String, isRequired: Bool = false, _ read: (inout BodyReader) -> Value?
    ) -> Value? {
        guard let object = object(field, isRequired: isRequired) else { return nil }
        var reader = BodyReader(object, path: name(field) + ".")
        let value = read(&reader)
        report(reader.allProblems)
        return value
    }
}

// MARK: - Unknown members

extension BodyReader {
    private var repetitions: [FieldError] {
        guard repeated != 0 else { return [] }
        return source.names(at: repeated).map { name in
            FieldError(field: self.name(name), code: "DUPLICATE_FIELD", message: "Send this field once.")
        }
    }

    private var unknown: [FieldError] {
        let all = source.count >= Self.mostMembers ? UInt64.max : 1 << UInt64(source.count) - 1
        let rest = all & ~taken
        guard rest != 0 else { return [] }
        return source.names(at: rest).prefix(Self.mostUnknown).map { unknown in
            FieldError(
                field: name(Self.cut(unknown)), code: "UNKNOWN_FIELD",
                message: Self.advice(for: unknown, known: known))
        }
    }

    /// What to send instead of an unknown name.
    static func advice(for unknown: String, known: [String]) -> String {
        if let nearest = NearestName.of(unknown, among: known) { return "Unknown field. Did you mean \(nearest)?" }
        let names = known.enumerated().filter { !known[..<$0.offset].contains($0.element) }.map(\.element)
        if names.isEmpty { return "Unknown field. This request takes no fields." }
        return "Unknown field. The known fields are \(names.joined(separator: ", "))."
    }
}

extension JSONObject {
    /// The names of these members, a bit for each by its place; each name once.
    fileprivate func names(at places: UInt64) -> [String] {
        var names: [String] = []
        for (place, member) in element.firstNames(UInt64.bitWidth).enumerated() where places >> UInt64(place) & 1 == 1 {
            if !names.contains(where: { $0.utf8.elementsEqual(member.utf8) }) { names.append(member) }
        }
        return names
    }
}
