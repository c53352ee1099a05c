import Nacha
import Testing

@Suite("Streams of many entries")
struct StreamingTests {
    @Test("Five thousand entries are written and read with bounded memory")
    func bounded() throws {
        var writer = try StreamingWriter(Sample.header())
        var reader = StreamingReader()
        var entries = 0
        var largest = 0
        try writer.beginBatch(Sample.batch())
        for sequence in 1...5_000 {
            try writer.append(NachaEntry(Sample.entry(amount: 1, sequence: Int64(sequence))))
            largest = max(largest, writer.pendingBytes)
            if writer.pendingBytes >= 8_192 { entries += try count(reader.read(writer.take().bytes)) }
        }
        try writer.endBatch()
        try writer.finish()
        entries += try count(reader.read(writer.take().bytes) + reader.finish())
        #expect(entries == 5_000)
        #expect(largest < 8_192 + 95)
        #expect(writer.tally.totalDebit == 5_000)
        // 5,000 * 2100002 = 10500010000: eleven digits, of which the hash keeps ten.
        #expect(writer.tally.entryHash == 500_010_000)
    }

    @Test("Rows come with the chunk that completes them, and breaches with the row that reveals them")
    func order() throws {
        let lines = try Golden.ccdAndCTX.lines.putting("0", line: 3, column: 79)
        var reader = StreamingReader()
        #expect(reader.read(Array(lines[0].utf8)).isEmpty)
        #expect(reader.read([0x0A]).compactMap(\.row?.line) == [1])
        #expect(reader.read([lines[1], lines[2], lines[3]].file).compactMap(\.breach) == [])
        let events = reader.read([lines[4]].file)
        #expect(events.compactMap(\.row?.line) == [5])
        #expect(events.compactMap(\.breach?.line) == [3])
    }

    private func count(_ events: [ReadEvent]) throws -> Int {
        #expect(events.compactMap(\.breach) == [])
        return events.compactMap(\.row).filter { row in
            if case .entryDetail = row.record { true } else { false }
        }.count
    }
}
