import Nacha
import Testing

@Suite("Row digests")
struct RowDigestTests {
    @Test("A changed account number, which no total covers, is found against the stored digests")
    func changedAccount() throws {
        let chunk = try #require(FileReading(try Golden.webAndPPD.bytes).file).chunk()
        let stored = digests(chunk.rows)
        var bytes = chunk.bytes
        bytes[95 * 2 + 12] = UInt8(ascii: "9")
        let reading = FileReading(bytes)
        #expect(reading.breaches == [], "No rule of the format can see the change.")
        #expect(SHA256.digest(bytes) != SHA256.digest(chunk.bytes))
        #expect(stored.differences(from: reading.rows, digest: SHA256.digest) == [.changed(line: 3)])
    }

    @Test("Another form of the same file has no differences", arguments: FileForm.LineBreak.allCases)
    func otherForm(lineBreak: FileForm.LineBreak) throws {
        let file = try #require(FileReading(try Golden.returns.bytes).file)
        let stored = digests(try file.chunk().rows)
        let form = FileForm(lineBreak: lineBreak, isPadded: false)
        let reading = FileReading(try file.bytes(form: form))
        #expect(stored.differences(from: reading.rows, digest: SHA256.digest) == [])
    }

    @Test("Added, removed, and unreadable rows are differences")
    func otherRows() throws {
        let lines = try Golden.webAndPPD.lines
        let stored = digests(FileReading(lines.file).rows)
        let more = FileReading((lines + [lines[11]]).file).rows
        #expect(more.count == 12, "A line after the file control record that starts with a 9 is padding.")
        let fewer = FileReading(Array(lines.dropLast(2)).file).rows
        #expect(stored.differences(from: fewer, digest: SHA256.digest) == [.missing(rows: 2)])
        let added = FileReading((lines + [lines[2]]).file).rows
        #expect(stored.differences(from: added, digest: SHA256.digest) == [.added(line: 13)])
        let spoiled = FileReading(lines.putting("X", line: 3, column: 1).file).rows
        #expect(stored.differences(from: spoiled, digest: SHA256.digest) == [.changed(line: 3)])
    }

    private func digests(_ rows: [Row]) -> RowDigests {
        var stored = RowDigests()
        stored.append(rows, digest: SHA256.digest)
        return stored
    }
}
