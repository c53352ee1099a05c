import Nacha
import Testing

@Suite("Properties of random files")
struct RoundTripTests {
    @Test("What is written is read as the same value, in every form")
    func same() throws {
        let seed = FuzzRounds.seed("write and read")
        for round in 0..<UInt64(FuzzRounds.count(150)) {
            var random = RandomFile(seed: seed + round)
            let file = try random.file()
            let lineBreak = FileForm.LineBreak.allCases[Int(round % 3)]
            let form = FileForm(
                lineBreak: lineBreak, isPadded: round % 2 == 0, endsWithLineBreak: lineBreak != .none && round % 5 > 0)
            let bytes = try file.bytes(form: form)
            try SampleFolder.write(bytes, "random-\(round).ach")
            let reading = FileReading(bytes)
            #expect(reading.breaches == [], "seed \(seed + round)")
            #expect(reading.file == file, "seed \(seed + round)")
            #expect(try reading.file?.bytes(form: form) == bytes, "seed \(seed + round)")
        }
    }

    @Test("The size of the chunks changes nothing")
    func chunks() throws {
        let seed = FuzzRounds.seed("chunks")
        var random = RandomFile(seed: seed)
        for size in [1, 2, 93, 94, 95, 96, 97, 1_000, 100_000] {
            let bytes = try random.file().bytes(form: FileForm(lineBreak: .carriageReturnLineFeed))
            var reader = StreamingReader()
            var events: [ReadEvent] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                events += reader.read(bytes[start..<min(start + size, bytes.count)])
            }
            events += reader.finish()
            #expect(events.compactMap(\.row) == FileReading(bytes).rows, "seed \(seed), size \(size)")
            #expect(events.compactMap(\.breach) == [], "seed \(seed), size \(size)")
        }
    }

    @Test("A changed digit of an amount is refused at the totals of the batch and of the file")
    func amounts() throws {
        try change("amounts", of: "6", columns: 30...39) { lines, line, _ in
            [(lines.control(after: line), [21, 33]), (lines.count, [32, 44])]
        }
    }

    @Test("A changed digit of a routing number is refused at the entry and at both hashes")
    func routing() throws {
        try change("routing numbers", of: "6", columns: 4...12) { lines, line, column in
            if column == 12 { return [(line, [12])] }
            return [(line, [4, 12]), (lines.control(after: line), [11]), (lines.count, [22])]
        }
    }

    @Test("A changed digit of a batch control record is refused at its field")
    func batchControls() throws {
        for field in RecordLayout.batchControl.fields where [2, 5, 11, 21, 33, 80, 88].contains(field.column) {
            try change(field.name, of: "8", columns: field.column...field.lastColumn, rounds: 20) { _, line, _ in
                [(line, [field.column])]
            }
        }
    }

    @Test("A changed digit of the file control record is refused at its field")
    func fileControls() throws {
        for field in RecordLayout.fileControl.fields where (2...44).contains(field.column) {
            try change(field.name, of: "9", columns: field.column...field.lastColumn, rounds: 20) { _, line, _ in
                [(line, [field.column])]
            }
        }
    }

    /// Changes one digit of a random record of the type, and expects a breach at each place in one of its columns.
    private func change(
        _ name: String, of type: Character, columns: ClosedRange<Int>, rounds: Int = 80,
        expect places: ([String], _ line: Int, _ column: Int) -> [(line: Int, columns: [Int])]
    ) throws {
        let seed = FuzzRounds.seed(name)
        for round in 0..<UInt64(rounds) {
            var random = RandomFile(seed: seed + round)
            let bytes = try random.file().bytes(form: FileForm(isPadded: false))
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            let candidates = lines.indices.filter { lines[$0].first == type }
            let line = try #require(candidates.randomElement(using: &random.generator)) + 1
            let column = Int.random(in: columns, using: &random.generator)
            let digit = Int(String(Array(lines[line - 1])[column - 1])) ?? 0
            let other = (digit + Int.random(in: 1...9, using: &random.generator)) % 10
            let breaches = FileReading(lines.putting("\(other)", line: line, column: column).file).breaches
            for place in places(lines, line, column) {
                #expect(
                    breaches.contains { $0.line == place.line && place.columns.contains($0.column) },
                    "seed \(seed + round), line \(line), column \(column): \(breaches)")
            }
        }
    }
}

extension [String] {
    /// The line of the batch control record that ends the batch of a line.
    fileprivate func control(after line: Int) -> Int {
        (line..<count).first { self[$0].first == "8" }.map { $0 + 1 } ?? 0
    }
}
