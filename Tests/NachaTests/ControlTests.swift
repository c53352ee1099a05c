import Nacha
import Testing

@Suite("Breaches of control records")
struct ControlTests {
    @Test(
        "A wrong count, hash, or total is refused at its own place and nowhere else",
        arguments: [
            Change(.webAndPPD, 6, 2, "200", (6, 2, .differs(expected: 225))),
            Change(.webAndPPD, 6, 5, "000004", (6, 5, .differs(expected: 3))),
            Change(.webAndPPD, 6, 11, "0023410519", (6, 11, .differs(expected: 23_410_518))),
            Change(.webAndPPD, 6, 21, "000000135001", (6, 21, .differs(expected: 135_000))),
            Change(.webAndPPD, 6, 33, "000000000001", (6, 33, .differs(expected: 0))),
            Change(.webAndPPD, 6, 45, "X", (6, 45, .differsFromHeader)),
            Change(.webAndPPD, 6, 74, "X", (6, 74, .mustBeBlank)),
            Change(.webAndPPD, 6, 80, "02100002", (6, 80, .differs(expected: 12_104_288))),
            Change(.webAndPPD, 6, 88, "0000002", (6, 88, .differs(expected: 1))),
            Change(.webAndPPD, 12, 2, "000003", (12, 2, .differs(expected: 2))),
            Change(.webAndPPD, 12, 8, "000003", (12, 8, .differs(expected: 2))),
            Change(.webAndPPD, 12, 14, "00000007", (12, 14, .differs(expected: 6))),
            Change(.webAndPPD, 12, 22, "0000000000", (12, 22, .differs(expected: 46_821_036))),
            Change(.webAndPPD, 12, 32, "000000134999", (12, 32, .differs(expected: 135_000))),
            Change(.webAndPPD, 12, 44, "000000255076", (12, 44, .differs(expected: 255_075))),
            Change(.webAndPPD, 12, 56, "X", (12, 56, .mustBeBlank)),
        ])
    func only(change: Change) throws {
        let lines = try change.golden.lines.putting(change.text, line: change.line, column: change.column)
        let breaches = FileReading(lines.file).breaches
        #expect(breaches.map(\.line) == [change.place.line])
        #expect(breaches.map(\.column) == [change.place.column])
        #expect(breaches.map(\.rule) == [change.place.rule])
    }

    @Test("A changed amount is refused at the totals of its batch and of the file")
    func amount() throws {
        let lines = try Golden.webAndPPD.lines.putting("0000125001", line: 3, column: 30)
        #expect(
            FileReading(lines.file).breaches.map(\.description) == [
                "line 6, column 21, total debit amount: The value must be 135001.",
                "line 12, column 32, total debit amount: The value must be 135001.",
            ])
    }

    @Test("A changed routing number is refused at its check digit and at both hashes")
    func routing() throws {
        let lines = try Golden.webAndPPD.lines.putting("022000021", line: 3, column: 4)
        #expect(
            FileReading(lines.file).breaches.map(\.description) == [
                "line 3, column 12, check digit: The check digit must be 0.",
                "line 6, column 11, entry hash: The value must be 23510518.",
                "line 12, column 22, entry hash: The value must be 46921036.",
            ])
    }

    @Test("Every breach of a file is reported, in the order of lines and columns")
    func every() throws {
        let lines = try Golden.webAndPPD.lines
            .putting("02", line: 1, column: 2).putting("99", line: 1, column: 38)
            .putting("9", line: 3, column: 12).putting("9", line: 4, column: 79)
            .putting("000009", line: 12, column: 2)
        let breaches = FileReading(lines.file).breaches
        #expect(breaches.map(\.line) == [1, 1, 3, 4, 12])
        #expect(breaches.map(\.column) == [2, 38, 12, 79, 2])
    }

    @Test("Totals are not compared with amounts that cannot be read")
    func unreadable() throws {
        let lines = try Golden.webAndPPD.lines.putting("00001250OO", line: 3, column: 30)
        #expect(FileReading(lines.file).breaches.map(\.rule) == [.notNumeric])
    }

    @Test("Hashes are not compared with routing numbers that cannot be read")
    func unreadableRouting() throws {
        let lines = try Golden.webAndPPD.lines.putting("O21", line: 3, column: 4)
        #expect(FileReading(lines.file).breaches.map(\.rule) == [.notNumeric])
    }

    @Test("The first entry decides the kind of a batch")
    func kind() throws {
        let lines = try Golden.returns.lines.putting("R68", line: 6, column: 4)
        let mixed = FileReading(lines.file).breaches.filter { $0.rule == .mixedEntryKinds }
        #expect(mixed.map(\.line) == [5])
    }

    @Test("The entry hash keeps the last ten digits of the sum")
    func hash() throws {
        var writer = try StreamingWriter(Sample.header())
        try writer.beginBatch(Sample.batch())
        // 102 entries of institution 99999999 sum to 10199999898: eleven digits.
        let institution = try #require(DFIIdentification(number: 99_999_999))
        let routing = RoutingTransitNumber(institution: institution).description
        for sequence in 1...102 {
            try writer.append(NachaEntry(Sample.entry(sequence: Int64(sequence), routing: routing)))
        }
        #expect(writer.batchTally?.entryHash == 199_999_898)
        try writer.endBatch()
        try writer.finish()
        #expect(FileReading(writer.take().bytes).breaches == [])
    }
}
