extension Timestamp {
    /// Reads a date, a time to the second and a zone, as in `2026-04-01T00:00:00Z` or `…T02:00:00.250+02:00`.
    ///
    /// The zone is required, because a time without one is not an instant. A fraction has any number of digits; those
    /// after the microsecond are cut. A leap second, `23:59:60` UTC on the last day of a month, counts as the second
    /// after it. Years are 0001 to 9999, in UTC too. (RFC 3339, section 5.6)
    package init?(iso8601 text: String) {
        var reader = ISO8601Reader(text)
        guard let date = reader.date(), reader.skip("T") || reader.skip("t"),
            let secondOfDay = reader.secondOfDay(), let fraction = reader.fractionInMicroseconds(),
            let offset = reader.zoneOffsetInSeconds(), reader.isAtEnd
        else { return nil }
        let seconds = date.daysSinceEpoch * Self.secondsPerDay + secondOfDay - offset
        self.init(microseconds: seconds * 1_000_000 + fraction)
        guard Self.readableRange.contains(microseconds) else { return nil }
        if reader.isLeapSecond, !Self.followsLeapSecond(seconds) { return nil }
    }

    /// Whether a leap second may precede this second: the first second of a month. (RFC 3339, section 5.7)
    private static func followsLeapSecond(_ second: Int64) -> Bool {
        let (days, secondOfDay) = second.flooredQuotient(by: secondsPerDay)
        return secondOfDay == 0 && CivilDate(daysSinceEpoch: days).day == 1
    }

    /// UTC with milliseconds, as in `2026-04-01T00:00:00.000Z`; what is finer is cut.
    ///
    /// Instants outside the years 1 to 9999, which a database calls infinite, are written as that range's ends.
    package var iso8601: String {
        let range = Self.readableRange
        let instant = Timestamp(microseconds: min(max(microseconds, range.lowerBound), range.upperBound))
        let (days, millisecond) = instant.milliseconds.flooredQuotient(by: Self.secondsPerDay * 1000)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            _ = buffer.initialize(from: "0000-00-00T00:00:00.000Z".utf8)
            buffer.write(CivilDate(daysSinceEpoch: days))
            buffer.write(millisecondOfDay: millisecond)
            return 24
        }
    }

    private static let secondsPerDay: Int64 = 86_400
    /// From 0001-01-01T00:00:00Z to the last microsecond of 9999.
    private static let readableRange: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999
}

/// Fills in the digits of `0000-00-00T00:00:00.000Z`.
extension UnsafeMutableBufferPointer<UInt8> {
    fileprivate func write(_ date: CivilDate) {
        write(date.year, digits: 4, at: 0)
        write(date.month, digits: 2, at: 5)
        write(date.day, digits: 2, at: 8)
    }

    fileprivate func write(millisecondOfDay: Int64) {
        write(millisecondOfDay / 3_600_000, digits: 2, at: 11)
        write(millisecondOfDay / 60_000 % 60, digits: 2, at: 14)
        write(millisecondOfDay / 1000 % 60, digits: 2, at: 17)
        write(millisecondOfDay % 1000, digits: 3, at: 20)
    }

    private func write(_ number: Int64, digits: Int, at start: Int) {
        var rest = number
        for index in (start..<start + digits).reversed() {
            self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let timestamp = Self(iso8601: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected an ISO 8601 time with a zone, as in 2026-04-01T00:00:00Z")
        }
        self = timestamp
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso8601)
    }
}

extension Timestamp: CustomStringConvertible {
    package var description: String { iso8601 }
}
