import Nacha
import Testing

/// One text put over one place of a golden file, and the breach that must name the place.
struct Change: CustomTestStringConvertible {
    let golden: Golden
    let line: Int
    let column: Int
    let text: String
    let place: (line: Int, column: Int, rule: BreachRule)

    init(_ golden: Golden, _ line: Int, _ column: Int, _ text: String, _ place: (Int, Int, BreachRule)) {
        self.golden = golden
        self.line = line
        self.column = column
        self.text = text
        self.place = place
    }

    var testDescription: String { "\(golden), line \(line), column \(column): \(text)" }
}

@Suite("Breaches of fields")
struct BreachTests {
    @Test("A wrong field is refused with its line, its column, and its rule", arguments: headers + entries + addenda)
    func refused(change: Change) throws {
        let lines = try change.golden.lines.putting(change.text, line: change.line, column: change.column)
        let reading = FileReading(lines.file)
        #expect(reading.file == nil)
        let (line, column, rule) = change.place
        #expect(
            reading.breaches.contains { $0.line == line && $0.column == column && $0.rule == rule },
            "\(reading.breaches)")
    }

    static let headers: [Change] = [
        Change(.webAndPPD, 1, 2, "02", (1, 2, .constant("01"))),
        Change(.webAndPPD, 1, 13, "2", (1, 4, .checkDigit(expected: 1))),
        Change(.webAndPPD, 1, 4, " 000000000", (1, 4, .outOfRange)),
        Change(.webAndPPD, 1, 14, "  ", (1, 14, .malformedAddress)),
        Change(.webAndPPD, 1, 24, "261301", (1, 24, .notADate)),
        Change(.webAndPPD, 1, 24, "270229", (1, 24, .notADate)),
        Change(.webAndPPD, 1, 30, "2400", (1, 30, .notATime)),
        Change(.webAndPPD, 1, 34, "a", (1, 34, .unknownCode)),
        Change(.webAndPPD, 1, 35, "096", (1, 35, .constant("094"))),
        Change(.webAndPPD, 1, 38, "20", (1, 38, .constant("10"))),
        Change(.webAndPPD, 1, 40, "2", (1, 40, .constant("1"))),
        Change(.webAndPPD, 2, 2, "280", (2, 2, .unknownCode)),
        Change(.webAndPPD, 2, 2, "220", (3, 2, .contradictsServiceClass)),
        Change(.webAndPPD, 2, 5, "                ", (2, 5, .mustNotBeBlank)),
        Change(.webAndPPD, 2, 41, "          ", (2, 41, .mustNotBeBlank)),
        Change(.webAndPPD, 2, 41, "9", (6, 45, .differsFromHeader)),
        Change(.webAndPPD, 2, 51, "TEL", (2, 51, .unknownCode)),
        Change(.webAndPPD, 2, 54, "          ", (2, 54, .mustNotBeBlank)),
        Change(.webAndPPD, 2, 70, "261131", (2, 70, .notADate)),
        Change(.webAndPPD, 2, 76, "367", (2, 76, .outOfRange)),
        Change(.webAndPPD, 2, 79, "0", (2, 79, .unknownCode)),
        Change(.webAndPPD, 2, 80, "0210000 ", (2, 80, .notNumeric)),
        Change(.webAndPPD, 2, 80, "02100002", (3, 80, .differs(expected: 2_100_002))),
        Change(.webAndPPD, 2, 88, "0000000", (2, 88, .outOfRange)),
        Change(.webAndPPD, 7, 88, "0000001", (7, 88, .notAscending(previous: 1))),
    ]

    static let entries: [Change] = [
        Change(.webAndPPD, 3, 2, "25", (3, 2, .unknownCode)),
        Change(.webAndPPD, 3, 2, "22", (3, 2, .contradictsServiceClass)),
        Change(.webAndPPD, 3, 2, "29", (3, 2, .notAllowedInBatch)),
        Change(.webAndPPD, 3, 2, "26", (3, 2, .missingReturnAddenda)),
        Change(.webAndPPD, 3, 2, "28", (3, 30, .mustBeZero)),
        Change(.webAndPPD, 3, 4, "X", (3, 4, .notNumeric)),
        Change(.webAndPPD, 3, 12, "2", (3, 12, .checkDigit(expected: 1))),
        Change(.webAndPPD, 3, 13, "                 ", (3, 13, .mustNotBeBlank)),
        Change(.webAndPPD, 3, 13, " ", (3, 13, .notLeftJustified)),
        Change(.webAndPPD, 3, 30, "0000000000", (3, 30, .mustNotBeZero)),
        Change(.webAndPPD, 3, 30, "-", (3, 30, .notNumeric)),
        Change(.webAndPPD, 3, 55, "                      ", (3, 55, .mustNotBeBlank)),
        Change(.webAndPPD, 3, 56, "\t", (3, 56, .notPrintable(byte: 9))),
        Change(.webAndPPD, 3, 79, "1", (3, 79, .addendaIndicator(addendaRecords: 0))),
        Change(.webAndPPD, 3, 79, "2", (3, 79, .outOfRange)),
        Change(.webAndPPD, 4, 94, "1", (4, 80, .notAscending(previous: 121_042_880_000_001))),
        Change(.webAndPPD, 4, 80, "0", (4, 80, .differs(expected: 12_104_288))),
        Change(.ccdAndCTX, 9, 55, "0002", (9, 55, .differs(expected: 3))),
        Change(.ccdAndCTX, 9, 75, "X", (9, 75, .mustBeBlank)),
        Change(.ccdAndCTX, 3, 79, "0", (3, 79, .addendaIndicator(addendaRecords: 1))),
        Change(.returns, 3, 2, "27", (4, 2, .addendaNotAllowed)),
        Change(.returns, 11, 30, "0000000001", (11, 30, .mustBeZero)),
        Change(.returns, 11, 2, "27", (11, 2, .notAllowedInBatch)),
        Change(.ccdAndCTX, 3, 2, "29", (3, 30, .mustBeZero)),
        Change(.ccdAndCTX, 5, 2, "26", (5, 2, .missingReturnAddenda)),
        Change(.webAndPPD, 3, 4, "00000000", (3, 4, .outOfRange)),
        Change(.webAndPPD, 3, 80, "00000000", (3, 80, .outOfRange)),
    ]

    static let addenda: [Change] = [
        Change(.ccdAndCTX, 4, 2, "06", (4, 2, .unknownCode)),
        Change(.ccdAndCTX, 4, 84, "0002", (4, 84, .differs(expected: 1))),
        Change(.ccdAndCTX, 4, 84, "0000", (4, 84, .outOfRange)),
        Change(.ccdAndCTX, 4, 94, "1", (4, 88, .differs(expected: 10))),
        Change(.ccdAndCTX, 11, 84, "0003", (11, 84, .differs(expected: 2))),
        Change(.ccdAndCTX, 8, 51, "CCD", (11, 1, .addendaLimit(1))),
        Change(.returns, 4, 4, "X01", (4, 4, .unknownCode)),
        Change(.returns, 4, 4, "R00", (4, 4, .unknownCode)),
        Change(.returns, 4, 7, "00000000", (4, 7, .outOfRange)),
        Change(.returns, 4, 28, "        ", (4, 28, .mustNotBeBlank)),
        Change(.returns, 4, 94, "2", (4, 80, .differs(expected: 21_000_020_000_001))),
        Change(.returns, 8, 22, "261199", (8, 22, .notADate)),
        Change(.returns, 12, 4, "R01", (12, 4, .unknownCode)),
        Change(.returns, 12, 22, "1", (12, 22, .mustBeBlank)),
        Change(.returns, 12, 36, "          ", (12, 36, .mustNotBeBlank)),
        Change(.returns, 12, 65, "1", (12, 65, .mustBeBlank)),
        Change(.returns, 10, 51, "PPD", (12, 2, .addendaNotAllowed)),
        Change(.returns, 12, 2, "05", (12, 2, .addendaNotAllowed)),
        Change(.returns, 16, 22, "1", (16, 22, .mustBeBlank)),
        Change(.returns, 16, 36, "1", (16, 36, .mustBeBlank)),
        Change(.returns, 16, 54, "400", (16, 54, .outOfRange)),
        Change(.returns, 16, 57, "00", (16, 57, .unknownCode)),
        Change(.returns, 20, 22, "261331", (20, 22, .notADate)),
        Change(.returns, 20, 36, "000", (20, 36, .outOfRange)),
        Change(.returns, 20, 59, "X", (20, 59, .notNumeric)),
        Change(.returns, 20, 77, "  ", (20, 77, .mustNotBeBlank)),
        Change(.returns, 20, 79, "1", (20, 79, .mustBeBlank)),
        Change(.returns, 6, 4, "R68", (5, 2, .mixedEntryKinds)),
    ]
}
