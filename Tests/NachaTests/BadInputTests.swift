import Nacha
import Testing

@Suite("Bad input")
struct BadInputTests {
    @Test("An empty file is a breach")
    func empty() {
        #expect(breaches([]) == ["line 1, column 1, record: The file is empty."])
    }

    @Test("Empty lines are breaches")
    func emptyLines() throws {
        #expect(
            breaches([0x0A, 0x0D, 0x0A]) == [
                "line 1, column 1, record: The line is empty.",
                "line 1, column 1, record: The file is empty.",
                "line 2, column 1, record: The line break differs from the first one.",
                "line 2, column 1, record: The line is empty.",
            ])
        let bytes = try Golden.webAndPPD.bytes + [0x0A]
        #expect(breaches(bytes) == ["line 21, column 1, record: The line is empty."])
    }

    @Test("Junk is refused line by line")
    func junk() {
        let found = breaches(Array("hello\nworld\n".utf8))
        #expect(found.contains("line 1, column 1, record type code: No record has this type."))
        #expect(found.contains("line 2, column 1, record type code: No record has this type."))
        #expect(
            found.contains("line 1, column 1, record type code: The file header record is missing before this line."))
        #expect(
            found.contains("line 3, column 1, record type code: The file control record is missing before this line."))
    }

    @Test("A truncated file is refused wherever it is cut", arguments: Golden.allCases)
    func truncated(golden: Golden) throws {
        let bytes = try golden.bytes
        let lines = try golden.lines.count
        let width = golden == .ccdAndCTX ? 96 : 95
        // The file control record's last spaces may be stripped, and the padding may be absent.
        // Steps of 7 meet every column, because 7 divides neither 95 nor 96.
        for length in stride(from: 0, to: (lines - 1) * width + 55, by: 7) {
            #expect(FileReading(bytes.prefix(length)).file == nil, "cut after \(length) bytes")
        }
        let partial = bytes.prefix((lines + 1) * width)
        #expect(breaches(partial).count == 1)
    }

    @Test("A line that ends early is reported once, at its end")
    func shortLine() throws {
        let bytes = try Golden.webAndPPD.bytes.prefix(95 * 2 + 35)
        let found = breaches(bytes)
        #expect(found.first == "line 3, column 36, amount: The line ends after column 35, and the record needs 94.")
        #expect(found.count == 3)
    }

    @Test("A line that is too long is reported at column 95")
    func longLine() throws {
        var lines = try Golden.webAndPPD.lines
        lines[2] += "XY"
        #expect(breaches(lines.file) == ["line 3, column 95, record: The line has 96 columns, not 94."])
    }

    @Test("A name in UTF-8 is refused at its bytes")
    func multibyte() throws {
        var lines = try Golden.webAndPPD.lines
        lines[2] = lines[2].replacing("SAMPLE PAYER ONE", with: "SAMPLE PÂYER ONE")
        let found = breaches(lines.file)
        #expect(found.contains("line 3, column 63, name: Byte 195 is not printable ASCII."))
        #expect(found.contains("line 3, column 64, name: Byte 130 is not printable ASCII."))
        #expect(found.contains("line 3, column 95, record: The line has 95 columns, not 94."))
    }

    @Test(
        "A missing record is named where the next one stands",
        arguments: [
            (1, "line 1, column 1, record type code: The file header record is missing before this line."),
            (2, "line 2, column 1, record type code: The batch header record is missing before this line."),
            (6, "line 6, column 1, record type code: The batch control record is missing before this line."),
            (11, "line 11, column 1, record type code: The batch control record is missing before this line."),
            (12, "line 12, column 1, record type code: The file control record is missing before this line."),
        ])
    func missing(line: Int, expected: String) throws {
        var lines = try Golden.webAndPPD.lines
        lines.remove(at: line - 1)
        #expect(breaches(lines.file).contains(expected))
    }

    @Test("An addenda record without an entry is refused")
    func orphan() throws {
        var lines = try Golden.ccdAndCTX.lines
        lines.swapAt(2, 3)
        #expect(
            breaches(lines.file).contains(
                "line 3, column 1, record type code: The entry detail record is missing before this line."))
    }

    @Test("Two files in one are refused at the second header")
    func twoFiles() throws {
        let bytes = try Golden.webAndPPD.bytes
        #expect(breaches(bytes + bytes) == ["line 21, column 1, record type code: Another file starts here."])
    }

    @Test("A file of no batches and a batch of no entries are refused")
    func nothing() throws {
        let header = try Golden.webAndPPD.lines[0]
        let control = "9000000000001" + String(repeating: "0", count: 42) + String(repeating: " ", count: 39)
        #expect(breaches([header, control].file) == ["line 2, column 2, batch count: The file has no batches."])
        var lines = try Golden.webAndPPD.lines
        lines.removeSubrange(7...9)
        #expect(breaches(lines.file).contains("line 8, column 5, entry/addenda count: The batch has no entries."))
    }

    @Test("Wrong padding is refused")
    func padding() throws {
        let bytes = try Golden.webAndPPD.bytes
        #expect(
            breaches(bytes.dropLast(95)) == [
                "line 13, column 1, record: 7 lines of 9s follow; the last block needs 8."
            ])
        let more = bytes + [String](repeating: String(repeating: "9", count: 94), count: 10).file
        #expect(
            breaches(more) == ["line 13, column 1, record: 18 lines of 9s follow; the last block needs 8."])
        var changed = bytes
        changed[95 * 15 + 40] = UInt8(ascii: "8")
        #expect(breaches(changed) == ["line 16, column 41, record: A padding line has only 9s."])
        let lines = try Golden.webAndPPD.lines
        #expect(
            breaches((lines + [lines[2]]).file) == [
                "line 13, column 1, record type code: The record cannot stand here."
            ])
        let early = lines.prefix(5) + [String(repeating: "9", count: 94)] + lines.suffix(7)
        #expect(
            breaches(Array(early).file).first
                == "line 6, column 1, record type code: The record cannot stand here.")
    }

    @Test("No description of a breach or a row contains the account number")
    func masked() throws {
        let lines = try Golden.webAndPPD.lines.putting("\u{1}", line: 3, column: 29)
        let reading = FileReading(lines.file)
        #expect(!reading.breaches.isEmpty)
        #expect(!"\(reading)".contains("1234567890123"))
        #expect(!String(reflecting: reading).contains("1234567890123"))
    }

    private func breaches(_ bytes: some Sequence<UInt8>) -> [String] {
        FileReading(bytes).breaches.map(\.description)
    }
}
