/// Reads the fields of one line and keeps every breach that it meets.
///
/// A getter returns nil if the field has a breach. Getters of optional fields return nil for a blank field too, so a
/// caller asks `isIntact` before it builds a record.
struct FieldScanner {
    let line: Line
    private(set) var breaches: [Breach] = []
    private var unprintable: [Int] = []

    init(_ line: Line, layout: [Field]) {
        self.line = line
        for (offset, byte) in line.columns.enumerated() where !byte.isPrintable {
            unprintable.append(offset)
            let field = layout.first { $0.offsets.contains(offset) } ?? .record
            breaches.append(
                Breach(line: line.number, column: offset + 1, field: field.name, rule: .notPrintable(byte: byte)))
        }
        checkLength(layout)
    }

    var isIntact: Bool { breaches.isEmpty }

    mutating func report(_ field: Field, _ rule: BreachRule) {
        breaches.append(Breach(line: line.number, field, rule))
    }

    /// Whether the field's own characters can still be judged: all are printable and the line reaches its end.
    private func canJudge(_ field: Field) -> Bool {
        if unprintable.contains(where: field.offsets.contains) { return false }
        return line.length >= field.lastColumn || !isCutShort
    }

    /// Reports what is wrong with a field's characters, once.
    private mutating func fail(_ field: Field, _ rule: BreachRule) {
        if canJudge(field) { report(field, rule) }
    }

    private var isCutShort: Bool {
        guard line.length < RecordType.columns, let type = RecordType(rawValue: line.columns[0]) else { return false }
        return type.endsWithDigits
    }

    private mutating func checkLength(_ layout: [Field]) {
        let length = line.length
        if length > RecordType.columns {
            breaches.append(
                Breach(line: line.number, column: 95, field: Field.record.name, rule: .lineTooLong(columns: length)))
        } else if isCutShort {
            let field = layout.first { $0.lastColumn > length } ?? .record
            breaches.append(
                Breach(
                    line: line.number, column: length + 1, field: field.name, rule: .lineTooShort(columns: length)))
        }
    }
}

extension FieldScanner {
    mutating func number(_ field: Field, in range: ClosedRange<Int64>? = nil) -> Int64? {
        guard let number = line.digits(field) else {
            fail(field, line.isBlank(field) ? .mustNotBeBlank : .notNumeric)
            return nil
        }
        if let range, !range.contains(number) {
            fail(field, .outOfRange)
            return nil
        }
        return number
    }

    mutating func value<Value>(_ field: Field, _ rule: BreachRule, _ make: (Int64) -> Value?) -> Value? {
        guard let number = number(field) else { return nil }
        guard let value = make(number) else {
            fail(field, rule)
            return nil
        }
        return value
    }

    /// Like `value`, and nil without a breach if the field is blank.
    mutating func optional<Value>(_ field: Field, _ rule: BreachRule, _ make: (Int64) -> Value?) -> Value? {
        line.isBlank(field) ? nil : value(field, rule, make)
    }

    /// Makes a value of the field's characters.
    mutating func code<Value>(_ field: Field, _ rule: BreachRule, _ make: (ArraySlice<UInt8>) -> Value?) -> Value? {
        guard let value = make(line[field]) else {
            fail(field, line.isBlank(field) ? .mustNotBeBlank : rule)
            return nil
        }
        return value
    }

    mutating func text(_ field: Field) -> NachaText {
        line.text(field) ?? .blank
    }

    mutating func mandatoryText(_ field: Field) -> NachaText {
        if line.isBlank(field) { fail(field, .mustNotBeBlank) }
        return text(field)
    }

    mutating func constant(_ field: Field, _ text: String) {
        if !line[field].elementsEqual(text.utf8) { fail(field, .constant(text)) }
    }

    mutating func blank(_ field: Field) {
        if !line.isBlank(field) { fail(field, .mustBeBlank) }
    }
}
