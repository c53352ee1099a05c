/// Takes the parts of an ISO 8601 time from the front of a text, each nil when the text has something else there.
struct ISO8601Reader {
    private var rest: Substring.UTF8View
    /// Whether the second that was read is 60.
    private(set) var isLeapSecond = false

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// `YYYY-MM-DD`.
    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
            let day = number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `hh:mm:ss`; the second may be 60.
    mutating func secondOfDay() -> Int64? {
        guard let hour = number(digits: 2, upTo: 23), skip(":"), let minute = number(digits: 2, upTo: 59), skip(":"),
            let second = number(digits: 2, upTo: 60)
        else { return nil }
        isLeapSecond = second == 60
        return hour * 3600 + minute * 60 + second
    }

    /// A point and digits, or nothing, which is zero. Digits after the sixth are cut.
    mutating func fractionInMicroseconds() -> Int64? {
        guard skip(".") else { return 0 }
        let digits = rest.prefix { Self.digits.contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return (0..<6).reduce(0) { value, place in
            value * 10 + (digits.dropFirst(place).first.map { Int64($0 - Self.digits.lowerBound) } ?? 0)
        }
    }

    /// `Z`, or `+hh:mm` east of Greenwich and `-hh:mm` west of it.
    mutating func zoneOffsetInSeconds() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-") else { return nil }
        guard let hours = number(digits: 2, upTo: 23), skip(":"), let minutes = number(digits: 2, upTo: 59)
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    /// Takes one character if it is this one.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func number(digits count: Int, upTo limit: Int64 = .max) -> Int64? {
        let text = rest.prefix(count)
        guard text.count == count, text.allSatisfy(Self.digits.contains) else { return nil }
        rest = rest.dropFirst(count)
        let number = text.reduce(0) { $0 * 10 + Int64($1 - Self.digits.lowerBound) }
        return number <= limit ? number : nil
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
