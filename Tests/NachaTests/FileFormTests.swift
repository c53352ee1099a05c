import Nacha
import Testing

@Suite("Forms of files")
struct FileFormTests {
    @Test("Every form is read as the same file, and the form is reported", arguments: Golden.allCases)
    func forms(golden: Golden) throws {
        let expected = try #require(FileReading(try golden.bytes).file)
        for lineBreak in FileForm.LineBreak.allCases {
            for isPadded in [true, false] {
                let form = FileForm(lineBreak: lineBreak, isPadded: isPadded, endsWithLineBreak: lineBreak != .none)
                let reading = FileReading(try expected.bytes(form: form))
                #expect(reading.breaches == [])
                #expect(reading.form == form)
                #expect(reading.file == expected)
            }
        }
    }

    @Test("Stripped trailing spaces are read as spaces, and reported", arguments: Golden.allCases)
    func stripped(golden: Golden) throws {
        let expected = try #require(FileReading(try golden.bytes).file)
        let lines = try golden.lines.map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        let reading = FileReading(lines.file)
        #expect(reading.breaches == [])
        #expect(reading.form.hasStrippedSpaces)
        #expect(reading.file == expected)
    }

    @Test("An effective entry date may be left out as spaces or zeros", arguments: ["      ", "000000"])
    func noDate(text: String) throws {
        let lines = try Golden.returns.lines.putting(text, line: 2, column: 70)
        let reading = FileReading(lines.file)
        #expect(reading.breaches == [])
        #expect(reading.file?.batches[0].header.effectiveEntryDate == nil)
        #expect(try reading.file?.bytes(form: reading.form) == lines.file)
    }

    @Test("The last line needs no line break")
    func lastLine() throws {
        let bytes = try Golden.webAndPPD.bytes
        let reading = FileReading(bytes.dropLast())
        #expect(reading.breaches == [])
        #expect(!reading.form.endsWithLineBreak)
        #expect(try reading.file?.bytes(form: reading.form) == Array(bytes.dropLast()))
    }

    @Test("One line break may follow a file without line breaks")
    func unbrokenWithLastBreak() throws {
        let file = try #require(FileReading(try Golden.returns.bytes).file)
        let reading = FileReading(try file.bytes(form: FileForm(lineBreak: .none)) + [0x0D, 0x0A])
        #expect(reading.breaches == [])
        #expect(reading.form.lineBreak == .none)
    }

    @Test("A file whose last block is full needs no padding")
    func fullBlock() throws {
        var file = try Sample.file()
        for sequence in 2...6 {
            file.batches[0].entries.append(NachaEntry(try Sample.entry(sequence: Int64(sequence))))
        }
        let bytes = try file.bytes()
        #expect(bytes.count == 10 * 95)
        #expect(FileReading(bytes).form.isPadded)
        #expect(FileReading(bytes).breaches == [])
    }

    @Test("A second kind of line break is a breach at its first place")
    func mixed() throws {
        var bytes = try Golden.webAndPPD.bytes
        bytes.insert(0x0D, at: 95 * 3 - 1)
        let reading = FileReading(bytes)
        #expect(
            reading.breaches.map(\.description) == [
                "line 3, column 95, record: The line break differs from the first one."
            ])
    }

    @Test(
        "A line break inside a file without line breaks is a breach at its place",
        arguments: [(94 * 2, 3, 1), (94 * 2 + 10, 3, 11), (94 * 20 + 1, 21, 1)])
    func strayLineBreak(offset: Int, line: Int, column: Int) throws {
        let file = try #require(FileReading(try Golden.webAndPPD.bytes).file)
        var bytes = try file.bytes(form: FileForm(lineBreak: .none)) + [0x0A]
        bytes.insert(0x0A, at: offset)
        let reading = FileReading(bytes)
        let mixed = reading.breaches.filter { $0.rule == .mixedLineBreaks }
        #expect(mixed.map(\.line) == [line])
        #expect(mixed.map(\.column) == [column])
        #expect(reading.breaches.count == 1, "The record continues after the line break.")
        #expect(reading.rows.count == 12)
    }

    @Test("A first line that is too long does not hide the other lines")
    func longFirstLine() throws {
        var lines = try Golden.webAndPPD.lines
        lines[0] += "5X"
        let reading = FileReading(lines.file)
        #expect(reading.rows.compactMap(\.record).count == 12)
        #expect(reading.breaches.contains { $0.line == 2 && $0.column == 3 && $0.rule == .mixedLineBreaks })
    }

    @Test("Rows have the ranges of their bytes in every form", arguments: FileForm.LineBreak.allCases)
    func ranges(lineBreak: FileForm.LineBreak) throws {
        let file = try #require(FileReading(try Golden.returns.bytes).file)
        let chunk = try file.chunk(form: FileForm(lineBreak: lineBreak))
        let reading = FileReading(chunk.bytes)
        #expect(reading.rows == chunk.rows)
        #expect(reading.rows.count == 22)
        for row in reading.rows { #expect(Array(chunk.bytes[row.range]) == row.columns) }
    }
}
