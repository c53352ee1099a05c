package import PaymentLinks

extension BodyReader {
    /// Makes a value of a string; the value's own error says what is wrong.
    package mutating func value<Value, Problem: FieldProblem>(
        _ field: String, isRequired: Bool = false, _ make: (String) throws(Problem) -> Value
    ) -> Value? {
        guard let text = string(field, isRequired: isRequired) else { return nil }
        do throws(Problem) {
            return try make(text)
        } catch {
            report(FieldError(field: name(field), error))
            return nil
        }
    }

    package mutating func identifier<Kind>(
        _ field: String, isRequired: Bool = false, of: Kind.Type = Kind.self
    ) -> Identifier<Kind>? {
        guard let text = string(field, isRequired: isRequired) else { return nil }
        if let identifier = Identifier<Kind>(text) { return identifier }
        report(field, "INVALID_ID", Self.wanted(Kind.self))
        return nil
    }

    /// One of an enumeration's words.
    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ field: String, isRequired: Bool = false, of: Choice.Type = Choice.self
    ) -> Choice? {
        guard let text = string(field, isRequired: isRequired) else { return nil }
        // As bytes: to Swift, a Kelvin sign is a K.
        if let choice = Choice.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) }) { return choice }
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        report(field, "INVALID_VALUE", "Send one of \(words).")
        return nil
    }

    /// A text of at most so many characters; a blank one counts as absent where it is required.
    package mutating func text(
        _ field: String, isRequired: Bool = false, longest: Int, subject: String
    ) -> String? {
        guard let text = string(field, isRequired: isRequired) else { return nil }
        report(TextLimit(field: name(field), longest: longest, subject: subject).problems(text))
        if isRequired, text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            report(field, "EMPTY", "Send a \(subject).")
        }
        return text
    }

    /// A JSON number without a fraction; one of zeros, as in `5.0`, is none.
    package mutating func wholeNumber(_ field: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(field) else { return nil }
        if case .number(let number) = value, let integer = number.integer, let number = Int(exactly: integer),
            range.contains(number)
        {
            return number
        }
        report(
            field, "OUT_OF_RANGE", "Send a whole number from \(range.lowerBound) to \(range.upperBound).")
        return nil
    }

    /// An instant with a zone.
    package mutating func time(_ field: String) -> Timestamp? {
        guard let text = string(field) else { return nil }
        if let time = Timestamp(iso8601: text) { return time }
        report(field, "INVALID_TIME", "Send an RFC 3339 time with a zone, such as 2026-04-01T00:00:00Z.")
        return nil
    }

    /// An amount of money, as a string; a JSON number, with all of its digits, only where `allowsNumbers` says so.
    package mutating func amount(_ field: String, in currency: Currency, allowsNumbers: Bool = false) -> Money? {
        guard let text = amountText(field, allowsNumbers: allowsNumbers) else { return nil }
        do throws(AmountError) {
            return try Money(decimal: text, currency: currency)
        } catch {
            report(FieldError(field: name(field), error))
            return nil
        }
    }

    private mutating func amountText(_ field: String, allowsNumbers: Bool) -> String? {
        switch value(field) {
        case .string(let text): return text
        case .number(let number) where allowsNumbers: return number.text
        case .longNumber where allowsNumbers:
            report(field, "TOO_MANY_DIGITS", "Send the amount as a string in quotes, such as \"150.00\".")
        case nil:
            report(field, "REQUIRED", "This field is required.")
        default:
            report(FieldError(field: name(field), AmountError.notAString))
        }
        return nil
    }

    /// What a caller attaches: an object of strings, numbers, and Booleans. Members are counted before they are read.
    package mutating func metadata(_ field: String) -> Metadata? {
        guard let object = object(field) else { return nil }
        guard object.count <= Metadata.mostKeys else {
            report(Metadata.tooMany(field: name(field)))
            return nil
        }
        var members: [(name: String, value: MetadataValue)] = []
        for (key, element) in object.element.members ?? [] {
            if let value = metadataValue(element, named: key, in: field) { members.append((key, value)) }
        }
        let metadata = Metadata(members)
        if let name = metadata.repeatedName {
            report("\(field).\(Self.cut(name))", "DUPLICATE_FIELD", "Send this field once.")
        }
        report(metadata.problems(field: name(field)))
        return metadata
    }

    private mutating func metadataValue(_ element: JSONElement, named key: String, in field: String) -> MetadataValue? {
        let value = JSONValue(element)
        if let value = MetadataValue(value) { return value }
        let name = "\(field).\(Self.cut(key))"
        if case .longNumber = value {
            report(
                name, "TOO_MANY_DIGITS",
                "Send a number of at most \(JSONNumber.mostDigits) digits, or the number as a string in quotes.")
        } else {
            report(name, "INVALID_VALUE", "Send a string, a number or a Boolean.")
        }
        return nil
    }

    /// As much of a caller's name as an answer repeats.
    static func cut(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(longestEcho)))
    }

    /// A list of values, each made of a string; a problem names its place, as in `emails[2]`.
    package mutating func list<Value>(
        _ field: String, isRequired: Bool = false, most: Int, _ make: (String) -> Result<Value, FieldError.Reason>
    ) -> [Value]? {
        guard let array = array(field, isRequired: isRequired) else { return nil }
        guard array.count <= most else {
            report(field, "TOO_MANY", "Send at most \(most) entries.")
            return nil
        }
        var values: [Value] = []
        for (index, element) in (array.elements ?? []).enumerated() {
            guard let text = element.string else {
                report("\(field)[\(index)]", "NOT_A_STRING", "Send a string in quotes.")
                continue
            }
            switch make(text) {
            case .success(let value): values.append(value)
            case .failure(let reason): report("\(field)[\(index)]", reason.code, reason.message)
            }
        }
        return values
    }

    package mutating func identifiers<Kind>(
        _ field: String, most: Int, of: Kind.Type = Kind.self
    ) -> [Identifier<Kind>]? {
        list(field, most: most) { text in
            guard let identifier = Identifier<Kind>(text) else {
                return .failure(.init(code: "INVALID_ID", message: Self.wanted(Kind.self)))
            }
            return .success(identifier)
        }
    }

    private static func wanted<Kind: IdentifierKind>(_ kind: Kind.Type) -> String {
        "Send an id: \(Kind.prefix) and 26 characters."
    }
}

extension FieldError {
    /// What is wrong, wherever it is.
    package struct Reason: Error, Sendable {
        package let code: String
        package let message: String

        package init(code: String, message: String) {
            self.code = code
            self.message = message
        }

        package init(_ problem: some FieldProblem) {
            self.init(code: problem.code, message: problem.message)
        }
    }
}
